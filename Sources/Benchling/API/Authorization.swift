import FoundationEssentials

/// Values of the `Authorization` header.
enum Authorization {
    /// A user's API key is the user name, and the password is empty.
    static func basic(_ key: String) -> String { "Basic " + Data("\(key):".utf8).base64EncodedString() }
    static func bearer(_ token: String) -> String { "Bearer " + token }
}
