#include "ByteScan.h"

// Sixty-four bytes become bit masks, one for each kind of byte; what stands beside what is then a matter of shifts.
// Each step looks at 64 bytes and counts the 56 in the middle, so that both neighbours are at hand.

typedef struct {
    uint64_t digits, comma, point, slash, hyphen, quote, nul, high;
} masks;

#define INLINE static inline __attribute__((always_inline))

#if defined(__SSE2__)
#include <immintrin.h>

// What stands in few blocks is looked for only in those: the highest bit of `rare` tells.
#define LOOK(NAME, ATTRIBUTE, VECTOR, WIDTH, LOAD, SET, EQUAL, LESS, ADD, OR, MOVEMASK, ZERO)                    \
    ATTRIBUTE INLINE masks NAME(const uint8_t *p) {                                                             \
        masks m = {0};                                                                                          \
        VECTOR rare = ZERO();                                                                                   \
        for (int i = 0; i < 64; i += WIDTH) {                                                                   \
            VECTOR b = LOAD((const VECTOR *)(p + i));                                                           \
            /* '0'...'9' moved to the lowest ten signed values. */                                              \
            VECTOR moved = ADD(b, SET((char)(0x80 - '0')));                                                     \
            m.digits |= (uint64_t)(uint32_t)MOVEMASK(LESS(SET((char)(0x80 + 10)), moved)) << i;                 \
            m.comma |= (uint64_t)(uint32_t)MOVEMASK(EQUAL(b, SET(','))) << i;                                   \
            m.point |= (uint64_t)(uint32_t)MOVEMASK(EQUAL(b, SET('.'))) << i;                                   \
            m.hyphen |= (uint64_t)(uint32_t)MOVEMASK(EQUAL(b, SET('-'))) << i;                                  \
            rare = OR(rare, OR(OR(b, EQUAL(b, SET('/'))), OR(EQUAL(b, SET('"')), EQUAL(b, SET(0)))));           \
        }                                                                                                       \
        if (MOVEMASK(rare)) {                                                                                   \
            for (int i = 0; i < 64; i += WIDTH) {                                                               \
                VECTOR b = LOAD((const VECTOR *)(p + i));                                                       \
                m.slash |= (uint64_t)(uint32_t)MOVEMASK(EQUAL(b, SET('/'))) << i;                               \
                m.quote |= (uint64_t)(uint32_t)MOVEMASK(EQUAL(b, SET('"'))) << i;                               \
                m.nul |= (uint64_t)(uint32_t)MOVEMASK(EQUAL(b, SET(0))) << i;                                   \
                m.high |= (uint64_t)(uint32_t)MOVEMASK(b) << i;                                                 \
            }                                                                                                   \
        }                                                                                                       \
        return m;                                                                                               \
    }

#define WIDER __attribute__((target("avx2,popcnt,bmi")))
LOOK(look, , __m128i, 16, _mm_loadu_si128, _mm_set1_epi8, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_add_epi8, _mm_or_si128,
     _mm_movemask_epi8, _mm_setzero_si128)
LOOK(look_wider, WIDER, __m256i, 32, _mm256_loadu_si256, _mm256_set1_epi8, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
     _mm256_add_epi8, _mm256_or_si256, _mm256_movemask_epi8, _mm256_setzero_si256)
#else
INLINE masks look(const uint8_t *p) {
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

INLINE uint64_t count_bits(uint64_t bits) { return bits ? (uint64_t)__builtin_popcountll(bits) : 0; }

// The same mark again after one or two digits, as in 3/10/2022 and 26.05.2017, but not in 2022-08-05.
INLINE uint64_t date_marks(uint64_t mark, uint64_t digits) {
    return mark & (digits << 1) & (digits >> 1) & ((mark >> 2) | (mark >> 3)) & ~((digits << 2) & (digits << 3));
}

#define FIND(NAME, ATTRIBUTE, LOOKER)                                                                           \
    ATTRIBUTE static size_t NAME(const uint8_t *p, size_t count, ingest_text_signs *s, uint32_t *places) {      \
        size_t found = 0;                                                                                       \
        for (size_t done = 0; done < count; done += 56) {                                                       \
            size_t left = count - done;                                                                         \
            masks m;                                                                                            \
            if (left >= 60) {                                                                                   \
                m = LOOKER(p + done - 4);                                                                       \
            } else {                                                                                            \
                /* Beyond the four bytes behind the end nothing may be read. */                                 \
                uint8_t tail[64];                                                                               \
                for (size_t i = 0; i < 64; i++) tail[i] = i < left + 8 ? p[done - 4 + i] : '\n';                \
                m = LOOKER(tail);                                                                               \
            }                                                                                                   \
            uint64_t middle = (((uint64_t)1 << (left < 56 ? left : 56)) - 1) << 4;                              \
            uint64_t inside = (m.digits << 1) & (m.digits >> 1) & middle;                                       \
            s->comma_numbers += count_bits(m.comma & inside);                                                   \
            s->point_numbers += count_bits(m.point & inside);                                                   \
            if ((m.high | m.nul | m.quote) & middle) {                                                          \
                s->above_ascii += count_bits(m.high & middle);                                                  \
                s->nul += count_bits(m.nul & middle);                                                           \
                s->quotes += count_bits(m.quote & middle);                                                      \
            }                                                                                                   \
            uint64_t dates = date_marks(m.slash, m.digits) | date_marks(m.point, m.digits);                     \
            dates = (dates | date_marks(m.hyphen, m.digits)) & middle;                                          \
            for (; dates; dates &= dates - 1) {                                                                 \
                places[found++] = (uint32_t)(done + (size_t)__builtin_ctzll(dates) - 4);                        \
            }                                                                                                   \
        }                                                                                                       \
        return found;                                                                                           \
    }

FIND(find, , look)

#if defined(__SSE2__)
FIND(find_wider, WIDER, look_wider)

size_t ingest_find_signs(const uint8_t *p, size_t count, ingest_text_signs *s, uint32_t *places) {
    static int wider = -1;
    int known = __atomic_load_n(&wider, __ATOMIC_RELAXED);
    if (known < 0) {
        known = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");
        __atomic_store_n(&wider, known, __ATOMIC_RELAXED);
    }
    return known ? find_wider(p, count, s, places) : find(p, count, s, places);
}
#else
size_t ingest_find_signs(const uint8_t *p, size_t count, ingest_text_signs *s, uint32_t *places) {
    return find(p, count, s, places);
}
#endif
