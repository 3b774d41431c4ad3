/* A row of a table on its way to a billed line. Private to reader_row.c,
 * reader_label.c and reader_table.c. */
#pragma once
#include "invoice/marks.h"
#include "invoice/reader.h"

struct heading { /* a column of the table we are in */
    enum column column;
    float x0, x1;
};

struct table {
    struct heading columns[16];
    size_t n;
    int page;
    bool cents; /* prices are in cents, says the heading */
    bool kwh; /* quantities are in kWh: the unit stands in the heading */
};

/* A row and the roles its marks play; -1 for none. */
struct draft {
    uint32_t row;
    struct mark *marks; /* room for MARKS_MAX */
    size_t n;
    int quantity, price, amount, rate, period;
    uint32_t label_from, label_to;
    const char *label;
    bool exact; /* quantity x price = amount */
    bool is_part; /* "dont heures pleines 89 kWh x …" of the row above */
    bool unread; /* OCR lost the amount; quantity and price stand */
    struct line line;
};

/* reader_row.c */
/* The columns that a row of headings names. */
void row_header(const struct reader *r, uint32_t row, struct table *t);
/* Gives the values of a row their roles; false when it bills nothing. */
bool row_read(struct reader *r, uint32_t row, const struct table *t,
              struct draft *d);
/* The line's numbers from the values. */
void row_fill(struct reader *r, struct draft *d);
/* Takes quantity, price, period and rate from the row below, when their
 * product is the line's amount: "du … au … : 620 kWh x 0,125 €/kWh". */
void row_detail(struct reader *r, struct draft *d);
/* The amount from quantity and price, with confidence at most most. */
void row_recompute(struct line *l, int16_t most);
/* Where the value that covers byte at ends, or at. */
uint32_t row_skip(const struct draft *d, uint32_t at);
/* n bytes at s without punctuation around them. */
const char *row_trim(struct arena *a, const char *s, uint32_t n);
bool row_is_detailed(const struct draft *d);

/* reader_label.c */
/* Adds the rows above and below that belong to the label, and takes the
 * period out of it. */
void label_complete(struct reader *r, struct draft *d, const struct table *t);
/* The component that the label's words name, or -1. */
int label_component(const struct reader *r, const struct draft *d);
/* Component, energy and register of the line. */
void label_fill(struct reader *r, struct draft *d, const struct table *t,
                int component);
