// libxml2 may be built with ICU, whose headers then come along and contradict the ICU that Foundation brings; nothing of it is
// used here, and no structure that is read depends on it.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/SAX2.h>
#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <string.h>

// Of the GNU C library. Asking its headers for it (_GNU_SOURCE) would change what they say of other things, and with them
// the modules that are built of them.
extern void *memrchr(const void *text, int byte, size_t length);

/// A handler without any callback, not even the ones libxml2 would put in place itself.
static inline xmlSAXHandler ingest_no_handlers(void) {
    xmlSAXHandler handlers;
    memset(&handlers, 0, sizeof handlers);
    handlers.initialized = XML_SAX2_MAGIC;
    return handlers;
}

static void ingest_say_nothing(void *context, const char *message, ...) { (void)context, (void)message; }

/// Keeps libxml2 from writing to the terminal by itself, as it does of an encoding that does not convert: on this thread, and
/// on those that begin later.
static inline void ingest_be_silent(void) {
    xmlSetGenericErrorFunc(NULL, ingest_say_nothing);
    xmlThrDefSetGenericErrorFunc(NULL, ingest_say_nothing);
}

static inline int ingest_are_ascii(const xmlChar *eight) {
    unsigned long long bytes;
    memcpy(&bytes, eight, 8);
    return (bytes & 0x8080808080808080ULL) == 0;
}

/// Characters of a text in UTF-8; of ASCII, which tags nearly always are, eight at a time, the last eight once more.
static inline int ingest_characters(const xmlChar *from, const xmlChar *to) {
    const xmlChar *start = from;
    while (to - from >= 8 && ingest_are_ascii(from)) from += 8;
    int characters = (int)(from - start);
    if (from > start && to - from < 8 && ingest_are_ascii(to - 8)) return (int)(to - start);
    for (; from < to; from++) characters += (*from & 0xC0) != 0x80;
    return characters;
}

/// Where the start tag that was just parsed begins: line and column from 1, the column in characters, 0 where the line
/// began before what the parser still has.
///
/// The parser stands at the end of the tag, and no "<" can stand in one.
static inline void ingest_tag_place(xmlParserCtxtPtr context, int *line, int *column) {
    xmlParserInputPtr input = context->input;
    const xmlChar *end = input->cur;
    const xmlChar *start = (const xmlChar *)memrchr(input->base, '<', end - input->base);
    if (start == NULL) start = input->base;
    *line = input->line;
    // Behind a line end within the tag there is less than the tag.
    *column = input->col - ingest_characters(start, end);
    if (*column > 0) return;
    for (const xmlChar *byte = start; byte < end; byte++) *line -= *byte == '\n';
    const xmlChar *begin = start;
    while (begin > input->base && begin[-1] != '\n') begin--;
    *column = begin > input->base || input->consumed == 0 ? ingest_characters(begin, start) + 1 : 0;
}

/// Where the parser stands.
static inline int ingest_line(xmlParserCtxtPtr context) { return context->input ? context->input->line : 0; }
static inline int ingest_column(xmlParserCtxtPtr context) { return context->input ? context->input->col : 0; }
