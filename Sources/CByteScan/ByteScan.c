#include "ByteScan.h"

// Sixty-four bytes become bit masks, one for each kind of byte; what stands beside what is then a matter of shifts.
// Each step looks at 64 bytes and counts the 56 in the middle, so that both neighbours are at hand.

typedef struct {
    uint64_t digits, comma, point, slash, hyphen, quote, nul, high;
} masks;

#if defined(__SSE2__)
static inline masks look(const uint8_t *p) {
    masks m = {0};
    __m128i rare = _mm_setzero_si128();
#define BITS(v) ((uint64_t)(uint32_t)_mm_movemask_epi8(v) << (16 * i))
#define IS(c) _mm_cmpeq_epi8(b, _mm_set1_epi8(c))
    for (int i = 0; i < 4; i++) {
        __m128i b = _mm_loadu_si128((const __m128i *)(p + 16 * i));
        // '0'...'9' moved to the lowest ten signed values.
        __m128i moved = _mm_add_epi8(b, _mm_set1_epi8((char)(0x80 - '0')));
        m.digits |= BITS(_mm_cmplt_epi8(moved, _mm_set1_epi8((char)(0x80 + 10))));
        m.comma |= BITS(IS(','));
        m.point |= BITS(IS('.'));
        m.hyphen |= BITS(IS('-'));
        rare = _mm_or_si128(rare, _mm_or_si128(_mm_or_si128(b, IS('/')), _mm_or_si128(IS('"'), IS(0))));
    }
    // What stands in few blocks is looked for only in those: the highest bit tells.
    if (_mm_movemask_epi8(rare)) {
        for (int i = 0; i < 4; i++) {
            __m128i b = _mm_loadu_si128((const __m128i *)(p + 16 * i));
            m.slash |= BITS(IS('/'));
            m.quote |= BITS(IS('"'));
            m.nul |= BITS(IS(0));
            m.high |= BITS(b);
        }
    }
    return m;
}
#else
static inline masks look(const uint8_t *p) {
    masks m = {0};
    for (int i = 0; i < 64; i++) {
        uint8_t b = p[i];
        uint64_t bit = (uint64_t)1 << i;
        if ((uint8_t)(b - '0') < 10) m.digits |= bit;
        if (b == ',') m.comma |= bit;
        if (b == '.') m.point |= bit;
        if (b == '/') m.slash |= bit;
        if (b == '-') m.hyphen |= bit;
        if (b == '"') m.quote |= bit;
        if (b == 0) m.nul |= bit;
        if (b & 0x80) m.high |= bit;
    }
    return m;
}
#endif

static inline uint64_t count_bits(uint64_t bits) { return bits ? (uint64_t)__builtin_popcountll(bits) : 0; }

// The same mark again after one or two digits, as in 3/10/2022 and 26.05.2017, but not in 2022-08-05.
static inline uint64_t date_marks(uint64_t mark, uint64_t digits) {
    return mark & (digits << 1) & (digits >> 1) & ((mark >> 2) | (mark >> 3)) & ~((digits << 2) & (digits << 3));
}

void ingest_count_signs(const uint8_t *p, size_t count, ingest_text_signs *s) {
    for (size_t done = 0; done < count; done += 56) {
        size_t left = count - done;
        masks m;
        if (left >= 60) {
            m = look(p + done - 4);
        } else {
            // Beyond the four bytes behind the end nothing may be read.
            uint8_t tail[64];
            for (size_t i = 0; i < 64; i++) tail[i] = i < left + 8 ? p[done - 4 + i] : '\n';
            m = look(tail);
        }
        uint64_t middle = (((uint64_t)1 << (left < 56 ? left : 56)) - 1) << 4;
        uint64_t inside = (m.digits << 1) & (m.digits >> 1) & middle;
        s->above_ascii += count_bits(m.high & middle);
        s->nul += count_bits(m.nul & middle);
        s->quotes += count_bits(m.quote & middle);
        s->comma_numbers += count_bits(m.comma & inside);
        s->point_numbers += count_bits(m.point & inside);
        s->date_marks += count_bits(
            (date_marks(m.slash, m.digits) | date_marks(m.point, m.digits) | date_marks(m.hyphen, m.digits)) & middle);
    }
}
