/* The detail of one energy: its lines, meters, VAT and totals. */
#pragma once
#include "sample.h"

enum { SECTION_LINES = 24, SECTION_VAT = 4, SECTION_METERS = 6 };

struct section_vat {
    double rate, base, amount;
};

struct section {
    bool is_dual;       /* one of two: totals name the energy */
    const char *energy; /* electricite or gaz */
    const char *title;  /* "électricité" or "gaz" */
    const json_t *lines[SECTION_LINES];
    size_t n_lines;
    const json_t *meters[SECTION_METERS];
    size_t n_meters;
    struct section_vat vat[SECTION_VAT];
    size_t n_vat;
    double ht, tva, ttc;
    double kwh; /* of the consumption lines */
};

/* Fills out with the energy of detail page index (0 for the first). */
void section_make(const struct sample *s, size_t index, struct section *out);
/* "estimé" or "relevé" of a meter's kind_start or kind_end. */
const char *section_reading(const json_t *meter, const char *key);
/* "Heures Pleines", "Base", "HPB". */
const char *section_register(const json_t *meter);
