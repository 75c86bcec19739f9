import FoundationEssentials
import IngestCore

/// The key of an analysis step, `<analysis id>:<JWT>`: which analysis, and in which tenant. It is a secret, and prints as nothing.
public struct StepKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public let analysis: String
    /// The host that the key names, in lower case. A client cannot check the signature of the key, so nobody vouches for this:
    /// credentials go nowhere because of it.
    public let tenantHost: String

    /// - Throws: ``Fault``, which quotes nothing of the key.
    public init(_ text: String) throws {
        let parts = text.trimmed.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { throw Fault("it is not an analysis id, a colon and a token") }
        analysis = String(parts[0])
        do {
            _ = try QueryText.step(analysis, in: "GET /analyses")
        } catch {
            throw Fault("what stands before its colon cannot be the id of an analysis")
        }
        let sections = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard sections.count == 3 else { throw Fault("its token does not have three sections") }
        var payload = sections[1].replacing("-", with: "+").replacing("_", with: "/").prefix { $0 != "=" }
        // The vendor's tokens leave the padding out, and the decoder wants it.
        while payload.count % 4 != 0 { payload += "=" }
        guard let bytes = Data(base64Encoded: String(payload)) else {
            throw Fault("the second section of its token is not base64url")
        }
        let claims: JSONValue
        do {
            claims = try JSONDecoder().decode(JSONValue.self, from: bytes)
        } catch {
            throw Fault("the second section of its token is not JSON")
        }
        guard let audience = claims["aud"]?.string ?? claims["aud"]?[0]?.string, !audience.isEmpty else {
            throw Fault("its token does not say for which tenant it is (aud)")
        }
        tenantHost = Self.host(audience)
    }

    /// Before anything is sent. A key that names this machine without a port is for whichever port its tenant is served at.
    /// - Throws: ``Fault`` when the key is for another tenant.
    public func check(_ address: TenantAddress) throws {
        let isHere = address.isThisMachine && tenantHost == address.host.prefix { $0 != ":" }
        guard tenantHost == address.host || isHere else {
            throw Fault("it is for \(tenantHost.prefix(80)), and the destination is \(address.host); nothing was sent")
        }
    }

    /// What is wrong with a key: for people.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
        init(_ what: String) { description = "the step key cannot be used: \(what)" }
    }

    public var description: String { "step key (not shown)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// A bare label is a tenant of the vendor's; both forms are met with.
    private static func host(_ audience: String) -> String {
        let lower = audience.lowercased()
        let name = lower.hasPrefix("https://") ? String(lower.dropFirst("https://".count).prefix { $0 != "/" }) : lower
        return name.contains(".") || name.contains(":") ? name : name + ".benchling.com"
    }
}
