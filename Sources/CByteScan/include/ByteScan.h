#ifndef INGEST_BYTE_SCAN_H
#define INGEST_BYTE_SCAN_H

#include <stddef.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// A bit for each of the 64 bytes at `p` that is `separator`, `quotation`, a carriage return or a line feed.
/// All 64 bytes must be readable.
static inline uint64_t ingest_structure64(const uint8_t *_Nonnull p, uint8_t separator, uint8_t quotation) {
#if defined(__SSE2__)
    const __m128i sep = _mm_set1_epi8((char)separator), quote = _mm_set1_epi8((char)quotation);
    const __m128i cr = _mm_set1_epi8('\r'), lf = _mm_set1_epi8('\n');
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(p + 16 * i));
        __m128i hits = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, sep), _mm_cmpeq_epi8(bytes, quote)),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, cr), _mm_cmpeq_epi8(bytes, lf)));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hits) << (16 * i);
    }
    return mask;
#else
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++) {
        uint8_t b = p[i];
        mask |= (uint64_t)(b == separator || b == quotation || b == '\r' || b == '\n') << i;
    }
    return mask;
#endif
}

/// What stands in a stretch of text, counted without looking at its structure.
typedef struct {
    uint64_t above_ascii;    ///< bytes of 0x80 and more
    uint64_t nul;            ///< zero bytes
    uint64_t quotes;         ///< "
    uint64_t comma_numbers;  ///< digit , digit
    uint64_t point_numbers;  ///< digit . digit
    uint64_t date_marks;     ///< a slash, a hyphen or a point where a date of numbers could have one
} ingest_text_signs;

/// Adds the signs of `count` bytes at `p` to `signs`. Six bytes before and after must be readable.
void ingest_count_signs(const uint8_t *_Nonnull p, size_t count, ingest_text_signs *_Nonnull signs);

#endif
