import IngestCore

extension LongTableFormat {
    /// The columns of MultiQuant 2 and 3 and of SCIEX OS 1 to 3.
    static let sciex = LongTableFormat(
        family: "sciex", program: "SCIEX MultiQuant",
        columns: [
            (.injection(.sampleName), "Sample Name"),
            (.injection(.sampleID), "Sample ID"),
            (.injection(.extra), "Original Filename|File Name|Sample Index|Sample Number|Injection Number"),
            (.injection(.acquired), "Acquisition Date & Time|Acquisition Date|Acquisition Date and Time"),
            (.injection(.vial), "Vial Number|Vial Position"),
            (.injection(.plate), "Plate Number|Plate Position"),
            (.field(.sampleRole), "Sample Type"),
            (.field(.injectionVolume), "Injection Volume"),
            (.field(.concentrationUnit), "Conc. Units|Concentration Units|Analyte Units"),
            (.component(.analyteName), "Component Name"),
            (.component(.extra), "Component Index|Component Group Name|Mass Info|Q1/Q3"),
            (.mark(.internalStandard), "IS"),
            (.mark(.manualIntegration), "Integration Type|Modified"),
            (.mark(.person), "Operator Name|Operator"),
            (.number(.area), "Area"), (.number(.height), "Height"), (.number(.retentionTime), "Retention Time"),
            (.number(.expectedRetentionTime), "Expected RT"), (.number(.relativeRetentionTime), "Relative RT"),
            (.number(.startTime), "Start Time"), (.number(.endTime), "End Time"),
            (.number(.widthAtHalfHeight), "Width at 50%"), (.number(.baseWidth), "Width at Baseline"),
            (.number(.signalToNoise), "Signal / Noise"), (.number(.tailing), "Tailing Factor"),
            (.number(.symmetry), "Asymmetry Factor"), (.number(.concentration), "Calculated Concentration"),
            (.number(.expectedConcentration), "Actual Concentration"), (.number(.responseFactor), "Response Factor"),
            (.number(.massToCharge), "Precursor Mass"), (.number(.areaPercent), "Area %"),
            (
                .number(nil),
                "Total Width|Width at 5%|Width at 10%|Area Ratio|Height Ratio|Corrected Area|Corrected Height|Area / Height|"
                    + "Corrected Area/Height|Region Height|Quality|Peak Quality|Noise|Slope of Baseline|Baseline Delta / Height|"
                    + "Points Across Baseline|Points Across Half Height|Concentration Ratio|Accuracy|Ion Ratio|Expected Ion Ratio|"
                    + "Dilution Factor|Weight To Volume Ratio|Fragment Mass|Product Mass|Found At Mass|Mass Error|"
                    + "Mass Error (ppm)|Mass Error (mDa)|Delta RT|RT Delta|RT Delta (min)|RT % Diff|Library Score|Group Area|Group Height|"
                    + "Total Score|Fragment Mass Error|Isotope Ratio Difference|Relative Standard Deviation"
            ),
            (
                .number(nil),
                "IS Area|IS Height|IS Corrected Area|IS Corrected Height|IS Area / Height|IS Corrected Area/Height|"
                    + "IS Region Height|IS Quality|IS Retention Time|IS Expected RT|IS Start Time|IS End Time|IS Total Width|"
                    + "IS Width at 50%|IS Signal / Noise|IS Baseline Delta / Height|IS Actual Concentration|IS Noise"
            ),
            (
                .text,
                "Index|Sample Comment|Sample Annotation|Sample Barcode|Barcode|Set Number|Rack Number|Rack Type|Rack Position|"
                    + "Rack Code|Plate Type|Plate Code|Acq. Method Name|Acquisition Method|Acquisition Method Name|"
                    + "Processing Method|Result Table|Project|Instrument Name|Instrument Serial Number|Component Comment|"
                    + "Component Type|Component Group|IS Comment|IS Mass Info|IS Name|Internal Standard|Failed Query|IS Failed Query|"
                    + "Peak Comment|IS Peak Comment|IS Integration Type|IS Modified|Used|Comment|Use_Calculated_Concentration|Reportable|Outlier Reasons|"
                    + "Experiment Type|Experiment Index|Polarity|Extraction Type|Adduct|Adduct/Charge|Charge|Formula|"
                    + "Library Hit|Ion Ratio Confidence|Mass Error Confidence|RT Confidence|Isotope Confidence|Regression Equation|Algorithm Used|"
                    + "Processing Algorithm|Acceptance|Report|Audit|Sample Custom|Retention Time Mode|Concentration Acceptance"
            ),
        ],
        preferred: [
            ["Acquisition Date & Time", "Acquisition Date and Time", "Acquisition Date"], ["Vial Number", "Vial Position"],
            ["Plate Number", "Plate Position"],
        ],
        required: [["Sample Name"], ["Component Name"], ["Area", "Height"], ["Retention Time"]],
        evidence: [
            (2, "Component Name"),
            (
                1,
                "Sample Name|Width at 50%|Signal / Noise|Original Filename|Sample Index|Component Index|Acq. Method Name|Mass Info|"
                    + "Component Group Name|IS Name|IS Area|IS Retention Time|Area / Height|Baseline Delta / Height|Integration Type|"
                    + "Actual Concentration|Calculated Concentration|Region Height|Failed Query|Component Type|Expected RT"
            ),
        ],
        missing: ["N/A", "n/a", "#N/A", "NaN", "-", "(No IS)"],
        absent: [
            "degenerate": .invalid, "<2 points": .notFound, "< 2 points": .notFound, "no root": .invalid, "No Root": .invalid,
        ],
        units: [
            .retentionTime: .minute, .expectedRetentionTime: .minute, .startTime: .minute, .endTime: .minute,
        ],
        signed:
            "Calculated Concentration|Concentration Ratio|Accuracy|Slope of Baseline|Baseline Delta / Height|IS Baseline Delta / Height|"
            + "Mass Error|Mass Error (ppm)|Mass Error (mDa)|Fragment Mass Error|Delta RT|RT Delta|RT Delta (min)|RT % Diff|"
            + "Isotope Ratio Difference|Total Score|Library Score|Quality|IS Quality",
        kind: { _ in .compound })
}
