/* One fictional invoice of the samples file, and its values worded as French
 * suppliers print them. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

struct sample {
    struct arena *arena;
    json_t *file, *invoice, *expected; /* file owns the others */
    const char *gap; /* between thousands and before the euro sign */
};

/* How a layout words dates and prices. */
enum sample_dates { DATES_DIGITS, DATES_SHORT, DATES_WORDS, DATES_DOTS };

/* Finds the invoice by id, or ends the program with a sentence. */
void sample_open(struct sample *s, struct arena *a, const char *path,
                 const char *id);
/* Replaces old by new in every text of the invoice. */
void sample_replace(struct sample *s, const char *old, const char *new_text);
/* Adds a small line at the end of each page. */
void sample_footer(struct sample *s, const char *text);

/* How many pages the invoice has. */
size_t sample_n_pages(const struct sample *s);

/* An expected text, or NULL when absent. */
const char *sample_text(const struct sample *s, const char *key);
/* What follows a label in any line of the pages; NULL when no line begins
 * so. */
const char *sample_after(const struct sample *s, const char *label);
/* First line of the pages that begins so, whole, or NULL. */
const char *sample_line(const struct sample *s, const char *start);

/* "1 234,56": value of 10^-decimals units. */
const char *sample_number(const struct sample *s, double value, int decimals);
const char *sample_euros(const struct sample *s, double value);
const char *sample_date(const struct sample *s, const char *iso,
                        enum sample_dates how);
/* "5,5 %" */
const char *sample_rate(const struct sample *s, double rate);
/* "2 mois", "16 890 kWh" */
const char *sample_quantity(const struct sample *s, const json_t *line);
/* A number of a line or of expected; 0 when absent. */
double sample_real(const json_t *object, const char *key);
