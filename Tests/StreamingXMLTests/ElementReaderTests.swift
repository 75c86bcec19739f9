import IngestCore
import IngestPipeline
import StreamingXML
import Testing
