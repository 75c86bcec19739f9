import Benchling
import FoundationEssentials
import Testing

struct AddressTests {
    @Test(arguments: [
        ("https://acme.benchling.com", "acme.benchling.com", "https://acme.benchling.com"),
        ("HTTPS://Acme.Benchling.COM/", "acme.benchling.com", "https://acme.benchling.com"),
        ("https://acme.benchling.com:443/api/v2", "acme.benchling.com", "https://acme.benchling.com"),
        ("https://acme.benchling.com:8443/api/v2/", "acme.benchling.com:8443", "https://acme.benchling.com:8443"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.9.1:80", "127.8.9.1", "http://127.8.9.1"), ("http://localhost:1", "localhost:1", "http://localhost:1"),
        ("http://[::1]:8080", "localhost:8080", "http://localhost:8080"), ("http://[::1]", "localhost", "http://localhost"),
    ])
    func `an address names a tenant`(text: String, host: String, base: String) throws {
        let address = try TenantAddress(text)
        #expect(address.host == host)
        #expect(address.base == base)
    }

    @Test(arguments: [
        "", "acme.benchling.com", "ftp://acme.benchling.com", "http://acme.benchling.com", "http://127.0.0.1.evil.com",
        "http://localhost.evil.com", "http://127.1", "http://0.0.0.0", "https://user:secret-word@acme.benchling.com",
        "https://acme.benchling.com?key=secret-word", "https://acme.benchling.com/api/v3", "https://acme.benchling.com/#x",
        "https://", "https://acme..com", "https://acme.benchling.com:0", "https://acme.benchling.com:99999", "https://a:b:c",
        "https://acme.benchling.com:", "https://acme.ben chling.com", "http://127.0.0.1\\@evil.com", "https://[::1]:80",
        "http://[::1]x", "http://[::1", "http://[::2]:80", "http://a[::1]:80",
        "http://127.0.0.1@evil.com", "https://acme.benchling.com/api/v2/../x", "https://acmé.com", "http://127.0.0.256",
    ])
    func `what is not the address of a tenant is refused, and no secret in it is shown`(text: String) throws {
        let fault = #expect(throws: TenantAddress.Fault.self) { try TenantAddress(text) }
        #expect(fault?.description.contains("secret-word") == false)
    }

    /// `{"alg":"HS256"}`, the claims, and a signature nobody here can check.
    private static func key(_ claims: String, padded: Bool = false) -> String {
        var payload = Data(claims.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        if !padded { payload.replace("=", with: "") }
        return "ana_Abc12345:eyJhbGciOiJIUzI1NiJ9.\(payload).c2lnbmF0dXJl"
    }

    @Test(arguments: [
        (#"{"aud":"acme"}"#, "acme.benchling.com"), (#"{"aud":"Acme.benchling.com"}"#, "acme.benchling.com"),
        (#"{"aud":["acme"],"x":"ü??>>"}"#, "acme.benchling.com"), (#"{"aud":"127.0.0.1:8080"}"#, "127.0.0.1:8080"),
        (#"{"aud":"https://acme.benchling.com/"}"#, "acme.benchling.com"), (#"{"aud":"localhost:9"}"#, "localhost:9"),
        (#"{"aud":"acme","n":1}"#, "acme.benchling.com"), (#"{"aud":"acme","n":11}"#, "acme.benchling.com"),
    ])
    func `a step key names an analysis and a tenant`(claims: String, host: String) throws {
        for padded in [false, true] {
            let key = try StepKey(Self.key(claims, padded: padded))
            #expect(key.analysis == "ana_Abc12345")
            #expect(key.tenantHost == host)
        }
    }

    @Test func `a step key of another tenant is refused`() throws {
        let key = try StepKey(Self.key(#"{"aud":"acme"}"#))
        try key.check(TenantAddress("https://acme.benchling.com"))
        for other in ["https://other.benchling.com", "https://acme.benchling.com:444", "http://127.0.0.1:80"] {
            #expect(throws: StepKey.Fault.self) { try key.check(TenantAddress(other)) }
        }
    }

    @Test(arguments: [
        "", "ana_1", ":a.b.c", "ana_1:a.b", "ana_1:a.!!!.c", "ana_1:a.bm90IGpzb24.c", "ana_1:a.e30.c",
        "ana/1:a.eyJhdWQiOiJhIn0.c",
    ])
    func `what is not a step key is refused without quoting it`(text: String) throws {
        do {
            _ = try StepKey(text)
            Issue.record("taken")
        } catch {
            #expect(!"\(error)".contains("bm90") && !"\(error)".contains("eyJ"))
        }
    }
}
