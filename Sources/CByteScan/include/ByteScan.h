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

/// Counts how many of `count` bytes at `kinds` are 0, 1, ... 7, of those for which `counted` has a 1 and not a 0, and adds
/// that to `totals`. Both have to be readable up to the next multiple of 16.
static inline void ingest_tally(
    const uint8_t *_Nonnull kinds, const uint8_t *_Nonnull counted, size_t count, uint32_t *_Nonnull totals) {
#if defined(__SSE2__)
    __m128i sums[8];
    for (int kind = 0; kind < 8; kind++) sums[kind] = _mm_setzero_si128();
    for (size_t done = 0; done < count; done += 16) {
        __m128i k = _mm_loadu_si128((const __m128i *)(kinds + done));
        __m128i c = _mm_loadu_si128((const __m128i *)(counted + done));
        if (count - done < 16) {
            const __m128i at = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            c = _mm_and_si128(c, _mm_cmplt_epi8(at, _mm_set1_epi8((char)(count - done))));
        }
        for (int kind = 0; kind < 8; kind++) {
            __m128i ones = _mm_and_si128(_mm_cmpeq_epi8(k, _mm_set1_epi8((char)kind)), c);
            sums[kind] = _mm_add_epi64(sums[kind], _mm_sad_epu8(ones, _mm_setzero_si128()));
        }
    }
    for (int kind = 0; kind < 8; kind++) {
        totals[kind] += (uint32_t)(_mm_cvtsi128_si32(sums[kind]) + _mm_extract_epi16(sums[kind], 4));
    }
#else
    for (size_t i = 0; i < count; i++) totals[kinds[i] & 7] += counted[i];
#endif
}

/// What stands in a stretch of text, counted without looking at its structure.
typedef struct {
    uint64_t above_ascii;    ///< bytes of 0x80 and more
    uint64_t nul;            ///< zero bytes
    uint64_t quotes;         ///< "
    uint64_t comma_numbers;  ///< digit , digit
    uint64_t point_numbers;  ///< digit . digit
} ingest_text_signs;

/// Adds the signs of `count` bytes at `p` to `signs`, and puts the offsets of the marks that a date of numbers could have
/// first (a slash, a hyphen or a point) into `places`, which has room for half as many as there are bytes; how many there
/// are. Six bytes before and after must be readable.
size_t ingest_find_signs(
    const uint8_t *_Nonnull p, size_t count, ingest_text_signs *_Nonnull signs, uint32_t *_Nonnull places);

#endif
