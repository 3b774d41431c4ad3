/* Right and wrong fields, counted and told one by one. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

struct score {
    FILE *log;            /* every field goes here; may be NULL */
    bool verbose;         /* right ones to stdout too */
    const char *document; /* what is being compared now */
    size_t right, wrong;  /* of the set */
    size_t document_right, document_wrong;
    size_t energy_right, energy_wrong;
};

/* One field: its name and both values as text; NULL is absent. */
void score_field(struct score *s, const char *name, const char *expected,
                 const char *found, bool is_right);
/* Begins a document of the set. */
void score_begin(struct score *s, const char *document);
/* Prints the document's own line. */
void score_end(struct score *s);
/* 0 when nothing was compared. */
double score_percent(size_t right, size_t wrong);
