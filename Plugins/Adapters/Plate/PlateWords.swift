import IngestCore

/// The words people and programs have for the columns of dose-response tables: in lower case, without anything between
/// their letters and digits (`Cmpd. ID` is `cmpdid`).
enum PlateWords {
    /// What a whole heading means; see ``response(_:)`` for the many ways to name a response.
    static let columns: [String: PlateColumn] = {
        var columns: [String: PlateColumn] = [:]
        func add(_ column: PlateColumn, _ words: String) {
            for word in words.split(separator: "|") { columns[String(word)] = column }
        }
        let concentrations = ["concentration", "concentrations", "conc", "concs", "konzentration", "konz"]
        for word in concentrations {
            for prefix in ["", "final", "nominal"] { columns[prefix + word] = .concentration }
        }
        for prefix in materials + ["test", "treatment", "exposure", "assay", "finalassay", "well", "applied"] {
            for word in concentrations + ["dose", "doses"] { columns[prefix + word] = .dose }
        }
        add(.dose, "dose|doses|dosage|doselevel|doseconc|doseconcentration|dosis|finaldose|nominaldose")
        add(.curve, "curve|curveid|curvename|series|seriesname|seriesid|dataset")
        for word in materials + ["treatment"] {
            add(.compound, word + "|" + word + "name")
            add(.identifier, word + "id|" + word + "number")
        }
        add(
            .sample,
            "sample|samplename|samplelabel|name|label|condition|conditions|testitem|testarticle|article|probe|probenname|wirkstoff|substanz"
        )
        add(.analyte, "analyte|analytename|target|protein")
        add(.cells, "cellline|celllinename|celllines|cell|cells|celltype|celltypename|zelllinie|strain|species|organism")
        add(.identifier, "sampleid|sampleidentifier|samplenumber|id|barcode|entity|entityid")
        add(.group, "group|groups|groupname|treatmentgroup|gruppe")
        add(.role, "role|type|samplerole|sampletype|welltype|wellrole|content|contents|controltype|control|wellcontent")
        add(.batch, "batch|batchid|lot|lotid|lotnumber")
        add(.well, "well|wellid|wellname|wellposition|welllocation|wellpos")
        add(.position, "position|pos|location")
        add(.plate, "plate|plateid|platename|platenumber|plateno|platebarcode|assayplate|assayplateid")
        add(.doseUnit, "doseunit|doseunits|dosisunit|unitofdose|xunit|xunits")
        for word in concentrations { add(.doseUnit, word + "unit|" + word + "units") }
        for word in ["response", "effect", "signal", "readout", "y"] { add(.responseUnit, word + "unit|" + word + "units") }
        add(.unit, "unit|units|einheit")
        add(.weight, "weight|weights|wt")
        add(
            .label,
            "replicate|replicates|rep|repl|replicateno|replicatenumber|replicateid|technicalreplicate|biologicalreplicate|"
                + "techrep|biorep|repeat|time|times|hour|hours|hr|hrs|h|zeit|stunden|timepoint|timepoints|day|days|minutes|min|"
                + "exposure|exposuretime|duration|incubation|incubationtime|treatmenttime|row|rows|col|column|columns|"
                + "wellrow|wellcol|wellcolumn|no|nr|number|index|cycle|read|run|runid|experiment|experimentid|exp|assay|assayid|"
                + "date|donor|passage|block|screen")
        add(.measurement(.temperature), "temperature|temp")
        add(.measurement(.pH), "ph")
        add(.measurement(.volume), "volume")
        add(.measurement(.standardDeviation), "sd|stdev|stddev|standarddeviation")
        add(.measurement(.coefficientOfVariation), "cv|rsd|%cv|cv%|%rsd|rsd%|pctcv")
        add(.response(.mean), "mean|average|mittelwert")
        add(.response(.median), "median")
        return columns
    }()

    /// What is dosed.
    static let materials = [
        "compound", "cmpd", "cpd", "drug", "substance", "chemical", "toxicant", "inhibitor", "agonist", "antagonist", "ligand",
        "agent", "molecule", "testcompound", "testsubstance", "reagent", "antibody", "stimulus",
    ]

    /// What a response is called, once adjectives, times and replicates are set aside; `nil` for no response.
    static func response(_ word: String) -> MeasurementName? { responses[word] }

    private static let responses: [String: MeasurementName] = {
        var responses: [String: MeasurementName] = [:]
        func add(_ name: MeasurementName, _ words: String) {
            for word in words.split(separator: "|") { responses[String(word)] = name }
        }
        add(
            .effect,
            "response|responses|resp|effect|effects|viability|survival|survivors|surviving|mortality|death|killing|kill|lysis|"
                + "toxicity|cytotoxicity|inhibition|inhib|inh|activity|growth|proliferation|confluence|activation|stimulation|"
                + "occupancy|binding|bound|displacement|induction|signal|readout|reading|readings|value|values|result|"
                + "measurement|intensity|data|y|ofcontrol|control|poc|pocs|poi|ofmax|growthinhibition|inhibitionofgrowth|"
                + "wirkung|antwort|effekt|hemmung|mortalität|viabilität|vitalität|überleben|messwert|wert")
        add(.absorbance, "absorbance|absorption|abs|od|opticaldensity|extinktion|extinction")
        add(.fluorescence, "fluorescence|fluor|rfu|fi|mfi|fluorescenceintensity|fluoreszenz")
        add(.luminescence, "luminescence|lum|rlu|bioluminescence|luciferase|lumineszenz")
        add(.count, "count|counts|cellcount|cellcounts|colonies|colonycount")
        return responses
    }()

    /// Responses that say no more than that they are some.
    static let plain: Set<String> = ["response", "resp", "effect", "signal", "value", "readout", "reading", "result", "y"]

    /// Words that are units as well.
    static let units = ["rlu": "RLU", "rfu": "RFU", "od": "OD"]

    /// Words beside the name of a response that leave it what it is.
    static let adjectives: Set<String> = [
        "cell", "cells", "relative", "rel", "normalized", "normalised", "norm", "raw", "corrected", "corr", "net", "total",
        "mean", "average", "avg", "measured", "observed", "background", "subtracted", "blanked", "final", "endpoint",
        "fractional", "specific", "the", "at", "after", "in",
    ]
    static let percents: Set<String> = ["%", "percent", "percentage", "pct", "perc", "prozent"]
    static let times: Set<String> = [
        "h", "hr", "hrs", "hour", "hours", "min", "mins", "minutes", "d", "day", "days", "w", "wk", "week", "weeks", "t", "time",
        "std", "stunden", "tag", "tage",
    ]
    static let replicates: Set<String> = ["rep", "reps", "repl", "replicate", "r", "run", "repeat", "n", "no", "nr"]
    /// In front of a concentration that was found or is expected, and of one that nobody dosed.
    static let found: Set<String> = [
        "calc", "calculated", "expected", "exp", "measured", "found", "estimated", "est", "interpolated", "predicted", "back",
        "stock", "sd", "mean",
    ]
    /// Texts that stand in any table and name no curve.
    static let notes: Set<String> = [
        "note", "notes", "comment", "comments", "remark", "remarks", "description", "operator", "user", "analyst", "file",
        "filename", "project", "study", "reader", "instrument", "flag", "flags", "quality", "bemerkung", "kommentar",
    ]
    /// In the brackets of a heading and no unit.
    static let remarks: Set<String> = ["final", "nominal", "total", "measured", "tested", "actual", "mean", "x", "y"]
}
