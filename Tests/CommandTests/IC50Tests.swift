import Foundation
import Testing

/// What SURFACE promises of `ingest ic50`.
struct IC50Tests {
    /// Compound A is a clean curve about 92 nM, B does nothing, C is a step.
    static let long = """
        Compound,Dose (nM),% Inhibition
        A,1,2.1
        A,10,11.2
        A,30,24.8
        A,100,52.3
        A,300,77.9
        A,1000,91.4
        A,3000,97.2
        B,1,1.1
        B,10,-2.2
        B,30,1.8
        B,100,3.3
        B,300,-0.9
        B,1000,2.4
        B,3000,0.2
        C,1,0.3
        C,10,-0.2
        C,30,-0.9
        C,100,101.1
        C,300,99.6
        C,1000,99.8
        C,3000,100.1

        """
    static let wide = """
        Concentration,Mortality 24h,Mortality 48h
        0.3,8.1,17.4
        0.3,9.9,19.1
        1,11.2,26.3
        3,14.2,44.9
        10,27.9,60.2
        30,51.4,74.8
        100,70.8,83.1
        300,80.7,86.4

        """
    /// The columns of SPEC, as promised to scripts.
    static let columns =
        "cell,hours,fit_function,IC50,std,t_Value,p_Value,curve,series,status,flags,qualifier,unit,n,doses,model,fixed,ic50,ic50_se,"
        + "ic50_low,ic50_high,ci_method,log10_ic50,log10_se,pic50,abs_level,abs_ic50,abs_low,abs_high,slope_b,hill,slope_se,slope_low,"
        + "slope_high,bottom,bottom_se,top,top_se,f,f_se,ed10,ed90,rss,residual_se,df,r2,logLik,aic,aicc,lof_F,lof_p,noeffect_p,"
        + "curve_class,z_prime,se_kind,rows_dropped"

    private func place() throws -> Workplace { try Workplace(["long.csv": Self.long, "wide.csv": Self.wide]) }

    @Test func `each curve has a row with its verdict, and a refused one no number`() async throws {
        let outcome = try await place().run("ingest ic50 --quiet long.csv --format json")
        #expect(outcome.status == 0)
        let rows = try outcome.objects
        #expect(rows.map { $0["verdict"] as? String } == ["good", "refused", "refused"])
        #expect(abs((rows[0]["IC50"] as? Double ?? 0) - 92.13) < 0.01 && rows[0]["unit"] as? String == "nM")
        #expect(abs((rows[0]["pic50"] as? Double ?? 0) - 7.0356) < 1e-4)
        for row in rows.dropFirst() {
            for key in ["IC50", "std", "ic50_se", "slope_b", "hill", "bottom", "top", "abs_ic50", "ed10"] {
                #expect(row[key] is NSNull)
            }
            #expect((row["reasons"] as? String ?? "").contains(": "))
        }
        // What can be said of them is which side of the doses half of the effect lies on.
        #expect(rows[1]["qualifier"] as? String == ">" && rows[1]["ic50"] as? Double == 3000)
        #expect(rows[2]["qualifier"] is NSNull && rows[2]["ic50"] is NSNull)
        #expect((rows[2]["reasons"] as? String ?? "").contains("30 nM and 100 nM"))
    }

    @Test func `the table begins with the columns of the R example and has ours behind`() async throws {
        let outcome = try await place().run("ingest ic50 --quiet wide.csv --format csv")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix(Self.columns))
        #expect(lines[1].hasPrefix(",24,LL.4,") && lines[2].hasPrefix(",48,LL.4,"))
        #expect(!outcome.output.lowercased().contains("nan") && !outcome.output.contains("inf,"))
    }

    @Test func `as the R example writes it`() async throws {
        let outcome = try await place().run("ingest ic50 --quiet wide.csv --model LL.2 --r-compatible --format csv")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "cell,hours,fit_function,IC50,std,t_Value,p_Value" && lines.count == 3)
        for line in lines.dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            #expect(cells.count == 7 && cells[3].split(separator: ".").last?.count ?? 0 <= 2)
        }
    }

    @Test func `strict is for curves without an estimate`() async throws {
        let place = try place()
        #expect(try await place.run("ingest ic50 long.csv").status == 0)
        #expect(try await place.run("ingest ic50 --strict long.csv").status == 1)
        #expect(try await place.run("ingest ic50 --strict wide.csv").status == 0)
    }

    @Test(arguments: [
        ("doses.csv", "curve,dose,response\na,-3,1\na,-2,5\na,-1,9\n", "ic50.negative-dose"),
        ("text.csv", "curve,dose,response\na,1,1\na,2,abc\na,3,9\na,4,10\n", "ic50.unreadable-rows"),
        ("infinite.csv", "curve,dose,response\na,1,1\na,2,inf\na,3,9\na,4,10\n", "ic50.unreadable-rows"),
        ("bound.csv", "curve,dose,response\na,1,98\na,2,60\na,3,<5\na,4,<5\n", "ic50.bounded-value"),
        ("twice.csv", "Dose,Response A,Response A\n1,2,3\n2,4,6\n3,8,9\n", "ic50.duplicate-curve"),
        ("peaks.csv", Workplace.table, "ic50.no-dose"),
        ("mixed.csv", "curve,dose,unit,response\na,1,nM,2\na,2,mg/L,3\na,3,nM,4\na,4,nM,5\n", "ic50.mixed-units"),
        ("empty.csv", "", "source.empty"), ("header.csv", "curve,dose,response\n", "ic50.no-wells"),
    ])
    func `what cannot be read ends with status 2 and says why`(name: String, text: String, code: String) async throws {
        let outcome = try await Workplace([name: text]).run("ingest ic50 --format csv \(name)")
        #expect(outcome.status == 2 && outcome.output == "")
        #expect(outcome.told.contains(code) && outcome.told.contains(name), "\(outcome.told)")
    }

    @Test func `what may be left out is left out on demand, and counted`() async throws {
        let place = try Workplace([
            "a.csv": "curve,dose,response\na,0.1,99\na,0.3,97\na,1,81\na,3,abc\na,10,22\na,30,9\na,100,3\na,300,<2\n",
            "log.csv": "curve,dose,response\na,-3,1\na,-2.5,2\na,-2,7\na,-1.5,24\na,-1,51\na,-0.5,77\na,0,91\na,0.5,98\na,1,99\n",
        ])
        let lenient = try await place.run("ingest ic50 --quiet --lenient --format json a.csv")
        #expect(lenient.status == 0)
        #expect(try lenient.objects.first?["rows_dropped"] as? Int == 2)
        let logs = try await place.run("ingest ic50 --quiet --log10-doses --format json log.csv")
        let ic50 = try #require(try logs.objects.first?["ic50"] as? Double)
        #expect(ic50 > 0.05 && ic50 < 0.2)
    }

    @Test func `the same from records as from the table they were read from`() async throws {
        let place = try place()
        let direct = try await place.run("ingest ic50 --quiet long.csv --format csv")
        let throughRecords = try await place.run(
            "ingest read --quiet long.csv -o r.jsonl && ingest ic50 --quiet r.jsonl --format csv")
        #expect(throughRecords.status == 0 && throughRecords.output == direct.output)
    }

    @Test func `a folder gets table, page and records, whole and the same each time`() async throws {
        let place = try place()
        #expect(try await place.run("ingest ic50 --quiet long.csv -o out --plot svg >/dev/null").status == 0)
        let page = try place.text(of: "out/ic50.html"), table = try place.text(of: "out/ic50.csv")
        #expect(page.contains("<svg") && !page.contains("http:") && !page.contains("https:") && !page.contains("<link"))
        #expect(page.contains("long.csv"))
        #expect(try place.text(of: "out/ic50.svg").hasPrefix("<svg"))
        #expect(try await place.run("ingest ic50 --quiet long.csv -o out --plot svg >/dev/null").status == 0)
        #expect(try place.text(of: "out/ic50.html") == page && place.text(of: "out/ic50.csv") == table)
        #expect(try place.names == ["long.csv", "out", "wide.csv"])
    }

    @Test func `results go to a result schema, refused ones with their reasons`() async throws {
        let place = try place()
        let published = try await place.run(
            "ingest ic50 --quiet long.csv -o out >/dev/null; ingest publish --json out/ic50.jsonl")
        #expect(published.status == 0)
        #expect(try (published.objects.first?["results"] as? [String])?.count == 3)
        #expect(try await place.run("ingest publish --quiet out/ic50.jsonl").status == 4)
    }

    @Test func `an analysis goes there and back once`() async throws {
        let place = try place()
        let first = try await place.run("ingest ic50 --analysis --json")
        #expect(first.status == 0, "\(first.told)")
        let receipt = try #require(try first.objects.first)
        #expect((receipt["dataFrames"] as? [String])?.count == 1 && (receipt["files"] as? [String])?.count == 1)
        #expect(try await place.run("ingest ic50 --analysis --json").status == 4)
        let other = try await place.run("ingest ic50 --analysis --json --model LL.3")
        #expect(other.status == 0)
        #expect(try (other.objects.first?["attachedBefore"] as? [String])?.count == 2)
    }

    @Test func `a dry run of an analysis attaches nothing`() async throws {
        let place = try place()
        #expect(try await place.run("ingest ic50 --analysis --dry-run").status == 0)
        #expect(try await place.run("ingest ic50 --analysis --json").status == 0)
    }

    @Test(arguments: [
        "", "--analysis long.csv", "long.csv --model LL.9", "long.csv --fix bottom", "long.csv --fix bottom=9,top=1",
        "long.csv --to local", "long.csv --plot svg", "long.csv --confidence 101", "long.csv --normalize x",
        "long.csv --within slope=3..1",
    ])
    func `what cannot be meant is wrong usage`(arguments: String) async throws {
        #expect(try await place().run("ingest ic50 \(arguments)").status == 64)
    }

    @Test func `columns can be named, and a name that is not there is told`() async throws {
        let place = try Workplace(["t.csv": Self.wide.replacing("Concentration", with: "x1").replacing("Mortality", with: "z")])
        let named = try await place.run("ingest ic50 --quiet t.csv --dose x1 --response 'z 48h' --dose-unit uM --format json")
        #expect(named.status == 0, "\(named.told)")
        #expect(try named.objects.map { $0["series"] as? String } == ["z 48h"])
        let wrong = try await place.run("ingest ic50 t.csv --dose y1 --response 'z 48h'")
        #expect(wrong.status == 2 && wrong.told.contains("y1"))
    }

    @Test func `controls make percent of raw signals`() async throws {
        var table = "Plate,Well,Compound,Type,Dose (uM),Signal\n"
        for (row, dose) in [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30].enumerated() {
            table += "P1,A\(row + 1),X,Sample,\(dose),\(1000 + 40000 / (1 + dose) + Double((row * 7919) % 211))\n"
        }
        for well in 1...4 { table += "P1,G\(well),,Background,,\(1000 + well)\nP1,H\(well),,Vehicle,0,\(41000 + 10 * well)\n" }
        let place = try Workplace(["plate.csv": table])
        let outcome = try await place.run("ingest ic50 --quiet plate.csv --normalize background,vehicle --format json")
        #expect(outcome.status == 0, "\(outcome.told)")
        let row = try #require(try outcome.objects.first { $0["curve"] as? String == "X" })
        #expect((row["z_prime"] as? Double ?? 0) > 0.9)
        #expect(abs((row["top"] as? Double ?? 0) - 100) < 3 && abs((row["bottom"] as? Double ?? 9) - 0) < 3)
        #expect(abs((row["ic50"] as? Double ?? 0) - 1) < 0.1)
    }
}
