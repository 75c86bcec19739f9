import Foundation

/// What the environment says about proxies, which the system's URL loading obeys.
enum ProxySettings {
    /// Plain http goes to this machine alone; through a proxy it would show the credentials to another.
    static func check(scheme: String?, host: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws
    {
        guard scheme == "http", let host else { return }
        let proxies = ["http_proxy", "all_proxy", "ALL_PROXY"].filter { environment[$0]?.isEmpty == false }
        guard let proxy = proxies.first else { return }
        let exceptions = (environment["no_proxy"] ?? environment["NO_PROXY"] ?? "").split { $0 == "," || $0 == " " }
        guard !exceptions.contains(where: { $0 == "*" || $0.lowercased() == host.lowercased() }) else { return }
        throw TransportFault.notSent("\(proxy) would lead calls to this machine through a proxy; set no_proxy=\(host)")
    }
}
