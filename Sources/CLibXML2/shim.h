#include <libxml/SAX2.h>
#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <string.h>

/// A handler without any callback, not even the ones libxml2 would put in place itself.
static inline xmlSAXHandler ingest_no_handlers(void) {
    xmlSAXHandler handlers;
    memset(&handlers, 0, sizeof handlers);
    handlers.initialized = XML_SAX2_MAGIC;
    return handlers;
}

/// Where the start tag that was just parsed begins: line and column from 1, the column in characters, 0 where the line
/// began before what the parser still has.
///
/// The parser stands at the end of the tag, and no "<" can stand in one.
static inline void ingest_tag_place(xmlParserCtxtPtr context, int *line, int *column) {
    xmlParserInputPtr input = context->input;
    const xmlChar *start = input->cur;
    int newlines = 0, characters = 0;
    *line = input->line;
    *column = 0;
    while (start > input->base && *start != '<') {
        start--;
        newlines += *start == '\n';
        characters += (*start & 0xC0) != 0x80;
    }
    *line -= newlines;
    if (newlines == 0) {
        *column = input->col - characters;
        return;
    }
    characters = 0;
    while (start > input->base && start[-1] != '\n') {
        start--;
        characters += (*start & 0xC0) != 0x80;
    }
    if (start > input->base || input->consumed == 0) *column = characters + 1;
}

/// Where the parser stands.
static inline int ingest_line(xmlParserCtxtPtr context) { return context->input ? context->input->line : 0; }
static inline int ingest_column(xmlParserCtxtPtr context) { return context->input ? context->input->col : 0; }
