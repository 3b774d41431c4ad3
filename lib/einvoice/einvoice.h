/* The terms of one electronic invoice (EN 16931), as text by number: what an
 * embedded XML file says, and what an export is written from. Nothing here
 * parses XML: parse.h does, in sandboxed children only. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"

enum einvoice_syntax {
    EINVOICE_NONE,
    EINVOICE_CII,        /* UN/CEFACT CrossIndustryInvoice D16B */
    EINVOICE_ZUGFERD1,   /* its predecessor, CrossIndustryDocument */
    EINVOICE_ORDER,      /* Order-X: an order, no invoice */
    EINVOICE_UBL,        /* UBL 2 Invoice */
    EINVOICE_UBL_CREDIT, /* UBL 2 CreditNote */
    EINVOICE_MAX
};

enum einvoice_kind { EINVOICE_TEXT, EINVOICE_DATE, EINVOICE_AMOUNT };
enum einvoice_group { EINVOICE_DOC, EINVOICE_VAT, EINVOICE_LINE,
                      EINVOICE_ALLOWANCE, EINVOICE_CHARGE, EINVOICE_GROUPS };

enum einvoice_term {
#define TERM(n, kind, group, name) BT_##n,
#include "einvoice/terms.tbl"
#undef TERM
    BT_MAX
};

struct einvoice_info {
    const char *id; /* "BT-1" */
    const char *name;
    enum einvoice_kind kind;
    enum einvoice_group group;
};
/* What is known of a term; never NULL. */
RETURNS_NONNULL const struct einvoice_info *einvoice_info(enum einvoice_term t);

/* How many of a group a file may have; rules compare lines with VAT rows. */
extern const uint16_t einvoice_group_max[EINVOICE_GROUPS];

enum {
    EINVOICE_TEXT_MAX = 512,    /* bytes of a value; longer text is cut */
    EINVOICE_VALUES_MAX = 20000 /* values of one file */
};

struct einvoice_value {
    uint16_t term, at; /* at: which VAT row, line…, from 0 */
    const char *text;  /* UTF-8 without control characters, never empty */
};

struct einvoice {
    enum einvoice_syntax syntax;
    bool malformed; /* a file that calls itself an invoice is no XML that can
                       be read: no values */
    struct einvoice_value *values; /* in the order of the file */
    uint32_t n_values, room;
    uint32_t *slots, mask; /* hash of term and group -> place + 1 */
    uint16_t n[EINVOICE_GROUPS]; /* how many of each group; DOC is 1 */
};

/* An empty record that room values fit in. */
RETURNS_NONNULL struct einvoice *einvoice_new(struct arena *a, uint32_t room);
/* Sets a term that is not there yet (the first one of a file counts); no or
 * empty text is nothing to set. False when there is no room. text is kept,
 * not copied. */
bool einvoice_set(struct einvoice *e, enum einvoice_term t, uint16_t at,
                  const char *text);
/* The text of a term of group at (0 for DOC), or NULL. */
const char *einvoice_text(const struct einvoice *e, enum einvoice_term t,
                          uint16_t at);
/* The term as millionths; false when absent or not such a number. */
MUST_CHECK bool einvoice_micro(const struct einvoice *e, enum einvoice_term t,
                               uint16_t at, int64_t *out);
/* The term as days since 1970; false when absent or no date. */
MUST_CHECK bool einvoice_day(const struct einvoice *e, enum einvoice_term t,
                             uint16_t at, int32_t *out);
/* BT-5 when it looks like a code of ISO 4217, else NULL: reports print it
 * beside amounts, so it may be nothing else. */
const char *einvoice_currency(const struct einvoice *e);
/* An xs:decimal as a whole number of 10^-scale; zeros beyond the scale are
 * fine, other digits are not (nothing is rounded). */
MUST_CHECK bool einvoice_decimal(const char *text, int scale, int64_t *out);

/* Profile for people: "factur-x:en16931", "zugferd-1:comfort", "order-x:basic",
 * "ubl:invoice", from syntax and BT-24, written to out and returned. */
enum { EINVOICE_PROFILE = 32 };
RETURNS_NONNULL const char *einvoice_profile(const struct einvoice *e,
                                             char out[EINVOICE_PROFILE]);

/* Flat form passed between processes: no pointers, checked when read. */
void einvoice_pack(struct buf *out, const struct einvoice *e);
/* NULL when the bytes are not exactly one well-formed record. */
struct einvoice *einvoice_unpack(struct arena *a, struct bytes in);
