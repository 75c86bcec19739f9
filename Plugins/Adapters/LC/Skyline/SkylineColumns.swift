import IngestCore

extension LongTableFormat {
    /// The columns of Skyline's document grid, by their English captions.
    static let skyline = LongTableFormat(
        family: "skyline", program: "Skyline",
        columns: [
            (.injection(.sampleName), "Replicate Name|Replicate|Sample Name"),
            (.injection(.sampleID), "Sample Id"), (.injection(.acquired), "Acquired Time"), (.injection(.batch), "Batch Name"),
            (.injection(.extra), "File Name|Result File|File Index|Replicate Index|Opt Step"),
            (.field(.sampleRole), "Sample Type"),
            (
                .component(.analyteName),
                "Molecule Name|Molecule|Peptide Modified Sequence|Modified Sequence|Peptide|Peptide Sequence"
            ),
            (
                .component(.extra),
                "Molecule List Name|Molecule List|Protein Name|Protein|Protein Accession|Precursor|Precursor Name|Precursor Ion Name|"
                    + "Precursor Adduct|Isotope Label Type|Transition|Fragment Ion|Fragment Ion Type|Product Name|Product Ion Name|"
                    + "Product Adduct|Losses|Begin Pos"
            ),
            (.componentNumber(.massToCharge), "Precursor Mz"),
            (.componentNumber(nil), "Precursor Charge|Product Mz|Product Charge|Fragment Ion Ordinal|MS Level"),
            (.mark(.manualIntegration), "User Set Peak|User Set Total"), (.mark(.truncated), "Truncated"),
            (.mark(.standardType), "Standard Type"), (.mark(.person), "User"),
            (.number(.retentionTime), "Retention Time|Best Retention Time|Molecule Retention Time|Peptide Retention Time"),
            (.number(.startTime), "Start Time|Min Start Time"), (.number(.endTime), "End Time|Max End Time"),
            (.number(.widthAtHalfHeight), "Fwhm|Max Fwhm"), (.number(.area), "Area|Total Area"),
            (.number(.height), "Height|Max Height"),
            (.number(.expectedRetentionTime), "Explicit Retention Time|Predicted Retention Time|Predicted Result Retention Time"),
            (.number(.concentration), "Calculated Concentration"), (.number(.expectedConcentration), "Analyte Concentration"),
            (
                .number(nil),
                "Background|Total Background|Total Background Fragment|Total Background MS1|Total Area Fragment|Total Area MS1|"
                    + "Area Normalized|Total Area Normalized|Normalized Area|Area Ratio|Total Area Ratio|Ratio To Standard|Ratio Dot Product|"
                    + "Library Dot Product|Isotope Dot Product|Peak Rank|Peak Rank By Level|Mass Error PPM|Average Mass Error PPM|"
                    + "Count Truncated|Points Across Peak|Detection Q Value|Detection Z Score|Collisional Cross Section|"
                    + "Ion Mobility MS1|Ion Mobility Fragment|Ion Mobility Window|Drift Time MS1|Drift Time Fragment|Drift Time Window|"
                    + "Library Intensity|Library Rank|Isotope Dist Index|Isotope Dist Rank|Isotope Dist Proportion|"
                    + "Internal Standard Concentration|Concentration Multiplier|Sample Dilution Factor|Explicit Analyte Concentration|"
                    + "Explicit Global Standard Area|Explicit Retention Time Window|Explicit Collision Energy|Collision Energy|"
                    + "Declustering Potential|Precursor Neutral Mass|Product Neutral Mass|Average Measured Retention Time|"
                    + "Total Ion Current Area|Precursor Concentration|Precursor Calculated Concentration|Precursor Normalized Area|"
                    + "Molecule Peak Found Ratio|Peptide Peak Found Ratio|Precursor Peak Found Ratio|Cycle Time Across Peak|"
                    + "Retention Time Calculator Score|Chromatogram Precursor M/Z|Chromatogram Product M/Z|Transition Count|End Pos|"
                    + "Missed Cleavages|Peptide Sequence Length|Fwhm Degenerate"
            ),
            (
                .text,
                "Molecule Formula|Molecule Note|Molecule List Note|Protein Description|Protein Gene|Protein Species|Protein Note|"
                    + "Protein Preferred Name|Protein Sequence|Precursor Note|Precursor Replicate Note|Transition Note|"
                    + "Transition Replicate Note|Peptide Note|Replicate Path|File Path|Sample Dilution|Accuracy|Quantification|"
                    + "Precursor Quantification|Precursor Accuracy|Normalization Method|Calibration Curve|Figures Of Merit|"
                    + "Exclude From Calibration|Identified|Coeluting|Quantitative|Library Name|Library Type|Ion Formula|"
                    + "Precursor Ion Formula|Precursor Neutral Formula|Product Ion Formula|Product Neutral Formula|InChI|InChiKey|"
                    + "CAS|HMDB|KEGG|SMILES|Is Decoy|Transition Is Decoy|Transition Result Is MS1|Modified Time|"
                    + "Transition Result Is Quantitative|Replicate Locator|Molecule Locator|Peptide Locator|Precursor Locator|"
                    + "Transition Locator|Protein Locator|Result File Locator|Precursor Result Locator|Transition Result Locator|"
                    + "Molecule Result Locator|Peptide Result Locator|Molecule Result|Peptide Result|Precursor Result|"
                    + "Transition Result|Protein Result|Qualitative Ion Ratio|Qualitative Ion Ratio Status|Target Qualitative Ion Ratio|"
                    + "Ion Mobility Units|Explicit Ion Mobility Units|Previous Aa|Next Aa|Cleavage Aa|Instrument Serial Number|"
                    + "Replicate Sample Identity|Replicate Group|Replicate Note|Skyline Version|Loss Formulas|Loss Neutral Mass|"
                    + "Cv|Cv Area|Cv Area Normalized|Cv Total Area|Cv Total Area Normalized|Cv Best Retention Time"
            ),
        ],
        preferred: [
            ["Replicate Name", "Replicate", "Sample Name"],
            [
                "Molecule Name", "Molecule", "Peptide Modified Sequence", "Modified Sequence", "Peptide", "Peptide Sequence",
            ],
            ["Retention Time", "Best Retention Time", "Molecule Retention Time", "Peptide Retention Time"],
            ["Start Time", "Min Start Time"], ["End Time", "Max End Time"], ["Fwhm", "Max Fwhm"], ["Area", "Total Area"],
            ["Height", "Max Height"],
            ["Explicit Retention Time", "Predicted Result Retention Time", "Predicted Retention Time"],
        ],
        required: [
            ["Replicate Name", "Replicate"],
            [
                "Molecule Name", "Molecule", "Peptide", "Peptide Sequence", "Peptide Modified Sequence", "Modified Sequence",
                "Protein Name", "Protein", "Molecule List Name", "Molecule List",
            ],
        ],
        evidence: [
            (2, "Replicate Name"),
            (
                1,
                "Replicate|Molecule Name|Molecule|Molecule List Name|Molecule List|Peptide|Peptide Sequence|"
                    + "Peptide Modified Sequence|Modified Sequence|Protein Name|Precursor Mz|Precursor Charge|Precursor Adduct|"
                    + "Precursor Name|Product Mz|Product Charge|Product Adduct|Product Name|Fragment Ion|Isotope Label Type|Peak Rank|"
                    + "Best Retention Time|Min Start Time|Max End Time|Total Area|Total Background|Library Dot Product|"
                    + "Isotope Dot Product|Background|Normalized Area|Total Area MS1|Total Area Fragment"
            ),
        ],
        missing: ["#N/A", "N/A", "NaN", "-"], absent: ["∞": .overflow, "Infinity": .overflow],
        units: [
            .retentionTime: .minute, .expectedRetentionTime: .minute, .startTime: .minute, .endTime: .minute,
            .widthAtHalfHeight: .minute,
        ],
        signed: "Calculated Concentration|Precursor Calculated Concentration|Precursor Charge|Product Charge|Mass Error PPM|"
            + "Average Mass Error PPM|Detection Z Score|Retention Time Calculator Score|Isotope Dist Index",
        kind: { words in words.isDisjoint(with: ["productmz", "fragmention", "transition"]) ? .compound : .peak })
}
