import Testing

@testable import Benchling

struct ProxySettingsTests {
    @Test(arguments: [
        ("http", ["http_proxy": "http://proxy:3128"], false), ("http", ["ALL_PROXY": "http://proxy:3128"], false),
        ("http", ["http_proxy": "http://proxy:3128", "no_proxy": "example.com, 127.0.0.1"], true),
        ("http", ["http_proxy": "http://proxy:3128", "NO_PROXY": "*"], true), ("http", ["http_proxy": ""], true),
        ("http", ["https_proxy": "http://proxy:3128"], true), ("http", [:], true),
        ("https", ["http_proxy": "http://proxy:3128"], true),
    ])
    func `what is meant for this machine is not led through a proxy`(scheme: String, environment: [String: String], goes: Bool) {
        let check = { try ProxySettings.check(scheme: scheme, host: "127.0.0.1", environment: environment) }
        if goes {
            #expect(throws: Never.self, performing: check)
        } else {
            #expect(throws: TransportFault.self, performing: check)
        }
    }
}
