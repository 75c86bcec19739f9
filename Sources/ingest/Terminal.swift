import Glibc
import Synchronization

/// What is known of the terminal, and writing to it. Standard output carries what was asked for, standard error the rest.
struct Terminal: Sendable {
    let isColoured: Bool
    let isInteractive: Bool
    let quiet: Bool
    let verbose: Bool

    init(_ options: TellingOptions) {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        let terminal = isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb"
        let wished = variable("CLICOLOR_FORCE").map { $0 != "0" } ?? false
        isColoured = !options.noColor && (variable("NO_COLOR") ?? "").isEmpty && (terminal || wished)
        isInteractive = terminal
        quiet = options.quiet
        verbose = options.verbose
    }

    var width: Int { Self.columns(STDERR_FILENO) ?? 100 }

    /// Of standard output; `nil` where that is no terminal.
    var outputWidth: Int? { Self.columns(STDOUT_FILENO) }

    private static func columns(_ descriptor: CInt) -> Int? {
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : nil
    }

    enum Style: String {
        case red = "31"
        case yellow = "33"
        case blue = "34"
        case bold = "1"
        case dim = "2"
    }

    func styled(_ text: String, _ style: Style) -> String { isColoured ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text }

    /// What stands in the last line of the terminal, where that gives way to whatever is told.
    private enum LastLine {
        case told, progress
        /// A question that waits for its answer: nothing is drawn over it.
        case question
    }
    private static let lastLine = Mutex(LastLine.told)
    private static let clearing = "\r\u{1B}[2K"

    /// Shows a line in the place of the one shown before.
    func showProgress(_ line: String) {
        Terminal.lastLine.withLock { last in
            guard last != .question else { return }
            Terminal.put(Terminal.clearing + line, to: STDERR_FILENO)
            last = .progress
        }
    }

    static func clearProgress() { write("", to: STDERR_FILENO) }

    static var isAsking: Bool { lastLine.withLock { $0 == .question } }

    /// Asks for a line of standard input.
    static func ask(_ question: String) -> String? {
        lastLine.withLock { last in
            put((last == .progress ? clearing : "") + question, to: STDERR_FILENO)
            last = .question
        }
        defer { lastLine.withLock { $0 = .told } }
        return readLine()
    }

    /// Tells a person something, on standard error.
    func tell(_ text: String) { Terminal.write(text + "\n", to: STDERR_FILENO) }

    /// Gives what was asked for, on standard output. When that is full or closed, nothing usable came of the command.
    static func give(_ text: String) {
        clearProgress()
        guard !write(text, to: STDOUT_FILENO) else { return }
        let reason = String(cString: strerror(errno))
        write("standard output: error: the output cannot be written: \(reason) [output.unwritable]\n", to: STDERR_FILENO)
        exit(2)
    }

    /// Keeps the descriptors of the standard streams taken where they were closed: a file that is read or written would
    /// get them, and messages would end in it.
    static func occupyStandardStreams() {
        while true {
            let descriptor = open("/dev/null", O_RDONLY)
            guard (0...STDERR_FILENO).contains(descriptor) else {
                close(descriptor)
                return
            }
        }
    }

    /// Without control characters and marks that turn the direction of writing: a file, or its name, could use them to
    /// rewrite what a terminal shows.
    static func printable(_ text: String, instead: Unicode.Scalar = "\u{FFFD}") -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map {
                    switch $0.value {
                    case 0..<32, 127..<160, 0x2028...0x202E, 0x2066...0x2069: instead
                    default: $0
                    }
                }))
    }

    /// - Returns: False when it could not be written, with the reason in `errno`.
    @discardableResult
    static func write(_ text: String, to descriptor: CInt) -> Bool {
        guard descriptor == STDERR_FILENO else { return put(text, to: descriptor) }
        return lastLine.withLock { last in
            guard last == .progress else { return put(text, to: descriptor) }
            last = .told
            return put(clearing + text, to: descriptor)
        }
    }

    @discardableResult
    private static func put(_ text: String, to descriptor: CInt) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if count < 0 && errno == EINTR { continue }
                // A reader that has gone away (head, a closed pager) is no fault of ours, and nobody is left to tell.
                guard count > 0 else { return errno == EPIPE }
                done += count
            }
            return true
        }
    }
}
