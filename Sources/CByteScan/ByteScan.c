#include "ByteScan.h"

// Plain loops over blocks that stay in the first-level cache; each is vectorised by the compiler.

#define BLOCK 8192
#define IS_DIGIT(b) ((uint8_t)((b) - '0') < 10)

static uint32_t above(const uint8_t *p, size_t n) {
    uint32_t c = 0;
    for (size_t i = 0; i < n; i++) c += p[i] >> 7;
    return c;
}

static uint32_t equal(const uint8_t *p, size_t n, uint8_t what) {
    uint32_t c = 0;
    for (size_t i = 0; i < n; i++) c += p[i] == what;
    return c;
}

static uint32_t between_digits(const uint8_t *p, size_t n, uint8_t mark) {
    uint32_t c = 0;
    for (size_t i = 0; i < n; i++) c += (p[i] == mark) & IS_DIGIT(p[i - 1]) & IS_DIGIT(p[i + 1]);
    return c;
}

// The same mark again after one or two digits, as in 3/10/2022 and 26.05.2017, but not in 2022-08-05.
static uint32_t date_marks(const uint8_t *p, size_t n, uint8_t mark) {
    uint32_t c = 0;
    for (size_t i = 0; i < n; i++)
        c += (p[i] == mark) & IS_DIGIT(p[i - 1]) & IS_DIGIT(p[i + 1]) & ((p[i + 2] == mark) | (p[i + 3] == mark))
           & !(IS_DIGIT(p[i - 2]) & IS_DIGIT(p[i - 3]));
    return c;
}

void ingest_count_signs(const uint8_t *p, size_t count, ingest_text_signs *s) {
    for (size_t done = 0; done < count; done += BLOCK) {
        const uint8_t *b = p + done;
        size_t n = count - done < BLOCK ? count - done : BLOCK;
        s->above_ascii += above(b, n);
        s->nul += equal(b, n, 0);
        s->quotes += equal(b, n, '"');
        s->comma_numbers += between_digits(b, n, ',');
        s->point_numbers += between_digits(b, n, '.');
        s->date_marks += date_marks(b, n, '/') + date_marks(b, n, '.') + date_marks(b, n, '-');
    }
}
