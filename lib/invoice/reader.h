/* What the parts of the reader share while one invoice is read. Private to
 * reader*.c, energy.c, supplier.c and needles.c. */
#pragma once
#include "invoice/lexicon.h"

struct names;

enum { CANDIDATES_MAX = 12 };

/* One possible value of a field and how good its place is. */
struct candidate {
    int64_t num, num2; /* num2: end of a period */
    const char *text;
    int score;
    uint32_t row, from, to; /* bytes of the row */
    uint32_t label_row;
    bool strict; /* directly behind its label */
};

struct candidates {
    struct candidate list[CANDIDATES_MAX];
    size_t n;
};

struct reader {
    struct arena *a;
    const struct document *doc;
    const struct reference *ref;
    struct layout *l;
    struct hit *hits;
    size_t n_hits;
    uint32_t *first_hit; /* per row; first_hit[n_rows] is n_hits */
    bool *is_header;     /* rows that name the columns of a table */
    bool *is_used;       /* rows that are lines of a table */
    bool *is_vat;        /* rows of one VAT rate */
    bool *is_small;      /* legal notices and footers */
    const char **said;   /* hash set of the other rows' tokens */
    size_t said_mask;
    uint8_t *energy;     /* enum energy of the section a row is in */
    struct candidates fields[F_MAX];
    struct candidates periods;
    int first_page;      /* that prints "1/…", else 1 */
    struct names **names; /* supplier.c: the table's names, when built */
    bool millimes;       /* money has three decimals: dinars */
    bool other_language; /* not French, by its small words */
    struct invoice *inv;
};

/* True when the row says it; *at receives the hit. at may be NULL. */
bool reader_says(const struct reader *r, uint32_t row, int says,
                 const struct hit **at);
/* The first hit of a row with first <= says <= last, or NULL. */
const struct hit *reader_find(const struct reader *r, uint32_t row, int first,
                              int last);
/* Bytes of the row that a hit covers. */
uint32_t reader_hit_from(const struct reader *r, const struct hit *h);
uint32_t reader_hit_to(const struct reader *r, const struct hit *h);
/* Sets a field with evidence from bytes from..to of a row. */
void reader_set(struct reader *r, enum field_id id, const char *text,
                int64_t num, const struct candidate *c, int conf);
/* Sets a field that is computed and not printed. */
void reader_derive(struct reader *r, enum field_id id, const char *text,
                   int64_t num, int conf);
/* At least conf, for a value that an identity confirms. */
void reader_confirm(struct reader *r, enum field_id id, int conf);

/* Confidence of the whole reading, from its fields. */
int16_t reader_document_conf(const struct invoice *inv);

/* reader_search.c: candidates of every labelled field. */
void search_fields(struct reader *r);
/* reader_table.c: billed lines and VAT rows. */
void table_read(struct reader *r);
/* reader_vat.c: true when the row is a VAT row. */
bool vat_row_read(struct reader *r, uint32_t row, struct vat_line *v);
void vat_merge(struct reader *r);
/* reader_meter.c: index readings. */
void meter_read(struct reader *r);
/* reader_totals.c: totals, checked against lines and VAT. */
void totals_read(struct reader *r);
/* reader_choice.c: one value per field from its candidates. */
void choice_make(struct reader *r);
/* What follows from lines, meters and energy: option, segment, volume. */
void choice_finish(struct reader *r);
/* reader_billed.c: kWh billed in all, from lines, labels and meters. */
void billed_read(struct reader *r);
/* reader_abroad.c: currency, and whether the bill is from abroad. */
void abroad_read(struct reader *r);
/* energy.c: energy of every section and of the invoice. */
void energy_sections(struct reader *r);
void energy_decide(struct reader *r);
/* reader_mention.c: what is said beside the fields. */
void mention_read(struct reader *r);
/* reader_pages.c: whether pages are missing, repeated or out of order, and
 * which one is the first. */
void pages_read(struct reader *r);
/* reader_paper.c: what kind of paper it is, from its title and what it
 * bills. */
void paper_read_title(struct reader *r);
/* supplier.c */
void supplier_find(struct reader *r);
/* embedded.c: the electronic invoice inside the PDF leads; the page is
 * compared with it. */
void embedded_apply(struct reader *r);
/* needles.c: what the anonymised report must never show. */
void needles_collect(struct reader *r);
