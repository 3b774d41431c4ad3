/* The record of one energy invoice, as printed, with evidence for each
 * value. Money is integer cents, unit prices micro-euros, quantities
 * thousandths, VAT rates hundredths of a percent, confidence per mille,
 * dates days since 1970-01-01. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>
#include "document/page.h"

/* Where a value was read and how sure we are. */
struct evidence {
    int16_t conf;  /* per mille, 0-1000 */
    int16_t page;  /* from 1; 0 when not printed but derived */
    struct box box;
    const char *quote; /* printed text the value came from; may be NULL */
    bool derived;  /* computed from other fields, not printed */
    bool from_xml; /* the embedded electronic invoice says it; page is 0 when
                      no page does */
    bool repaired; /* one digit was put right by an identity (repair.h) */
    bool unsure;   /* OCR doubts a digit that nothing else confirms */
};

enum field_type { FIELD_TEXT, FIELD_ENUM, FIELD_DATE, FIELD_CENTS,
                  FIELD_INT, FIELD_MILLI, FIELD_BOOL };

enum field_id {
#define FIELD(name, type, identifying, doc) F_##name,
#include "invoice/fields.tbl"
#undef FIELD
    F_MAX
};

struct field_info {
    const char *name;
    enum field_type type;
    bool identifying;
    const char *doc;
};
extern const struct field_info field_infos[F_MAX];

/* A scalar; present is false when nothing was printed. */
struct value {
    bool present;
    const char *text; /* TEXT and ENUM */
    int64_t num;      /* every other type; BOOL is 0 or 1 */
    struct evidence ev;
    uint32_t ink; /* digits that OCR doubts: bit k is the one worth 10^k; for
                     dates and text not 0 when any is doubted */
};

enum energy { ENERGY_NONE, ENERGY_ELEC, ENERGY_GAS, ENERGY_DUAL, ENERGY_MAX };
/* "", "electricite", "gaz", "dual"; never NULL. */
const char *energy_name(enum energy e);

/* Components of billed lines; the JSON words are in component_name(). */
enum component {
    COMP_SUBSCRIPTION, /* abonnement */
    COMP_CONSUMPTION,  /* consommation */
    COMP_NETWORK,      /* acheminement */
    COMP_CTA,          /* cta */
    COMP_EXCISE,       /* accise */
    COMP_LOCAL_TAX,    /* taxe_locale */
    COMP_CAPACITY,     /* capacite */
    COMP_CEE,          /* cee */
    COMP_OVERRUN,      /* depassement */
    COMP_REACTIVE,     /* reactif */
    COMP_SERVICE,      /* service */
    COMP_GREEN,        /* option_verte */
    COMP_FEE,          /* frais */
    COMP_DISCOUNT,     /* remise */
    COMP_ADJUSTMENT,   /* regularisation */
    COMP_OTHER,        /* autre */
    COMP_MAX
};
const char *component_name(enum component c);

enum unit { UNIT_NONE, UNIT_MONTH, UNIT_DAY, UNIT_KWH, UNIT_MWH, UNIT_M3,
            UNIT_HOUR, UNIT_KVA, UNIT_PIECE, UNIT_MAX };
/* "", "mois", "jours", "kWh", "MWh", "m3", "h", "kVA", "unité". */
const char *unit_name(enum unit u);

struct line {
    enum component component;
    enum energy energy;
    const char *label;     /* as printed (identifying: never copied to the
                              anonymised report) */
    const char *registr;   /* BASE, HP, HC, HPB, HCB, HPH, HCH... or NULL */
    bool has_quantity, has_price, has_amount, has_rate, has_period;
    int64_t quantity_milli;
    enum unit unit;
    int64_t price_micro;   /* euros excluding VAT per unit, millionths */
    int8_t price_decimals; /* decimals printed of the price in euros per unit:
                              the rounding step for CHK-02 */
    int64_t amount_cents;  /* excluding VAT */
    int32_t rate_bp;       /* VAT rate, hundredths of a percent: 550, 2000 */
    int32_t start, end;    /* period, days since 1970 */
    bool is_local_tax;     /* TCFE, TDCFE, TCCFE */
    struct evidence ev;
    uint32_t quantity_ink, price_ink, amount_ink; /* as in struct value */
    bool amount_derived; /* quantity x price: OCR lost what is printed */
};

struct vat_line {
    int32_t rate_bp;
    int64_t base_cents, amount_cents;
    struct evidence ev;
    uint32_t base_ink, amount_ink; /* as in struct value */
    bool base_derived; /* from lines, total or VAT: nothing is printed */
};

enum reading_kind { READING_UNKNOWN, READING_REAL, READING_ESTIMATED,
                    READING_SELF };
/* "", "releve", "estime", "auto". */
const char *reading_name(enum reading_kind k);

struct meter {
    const char *registr; /* BASE, HP, HC, GAZ, ... */
    enum energy energy;
    int64_t start, end;  /* index as printed */
    enum reading_kind kind_start, kind_end;
    bool has_consumption;
    int64_t consumption; /* printed beside, else the difference */
    enum unit unit;      /* UNIT_KWH or UNIT_M3 */
    struct evidence ev;
    uint32_t start_ink, end_ink, consumption_ink; /* as in struct value */
    bool consumption_derived; /* the difference: nothing is printed */
};

/* What kind of paper it is: only INVOICE and ADJUSTMENT are analysed. */
enum paper { PAPER_UNKNOWN, PAPER_INVOICE, PAPER_ADJUSTMENT, PAPER_CREDIT,
             PAPER_SCHEDULE, PAPER_QUOTE, PAPER_LETTER };
const char *paper_name(enum paper p);

enum mention_id {
#define MENTION(name, doc) MENTION_##name,
#include "invoice/mentions.tbl"
#undef MENTION
    MENTION_MAX
};
const char *mention_name(enum mention_id m);

/* Something said beside the fields, where it was said first. */
struct mention {
    bool present;
    int64_t num;
    struct evidence ev;
};

/* What the printed page numbers ("Page 1/2") say of the pages sent. */
enum pages_state { PAGES_UNKNOWN, PAGES_COMPLETE, PAGES_MISSING,
                   PAGES_REPEATED };

/* A field that the page prints otherwise than the embedded invoice says. */
struct disagreement {
    enum field_id id;
    struct value printed; /* the record holds the embedded one */
};

struct einvoice;

/* What another reader says of a field whose value is in the record. */
struct alternative {
    enum field_id id;
    const char *reader; /* "rules" or "llm" */
    struct value v;
};
enum { ALTERNATIVES_MAX = 64 };

struct invoice {
    struct value f[F_MAX];
    struct alternative *alternatives; /* of fields that are disputed */
    size_t n_alternatives;
    enum energy energy;       /* as f[F_energy_type] */
    int16_t energy_conf;      /* per mille */
    const char *energy_why;   /* evidence in words, for the 422 */
    enum paper paper;
    bool is_professional;
    bool is_foreign;          /* other taxes, perhaps another currency */
    bool several_points;      /* more than one PDL or PCE is billed: its one
                                 power and its kWh do not belong together */
    const char *zip;          /* postcode of the site: 20xxx and 97xxx have
                                 other taxes */
    struct line *lines;
    size_t n_lines;
    struct vat_line *vat;
    size_t n_vat;
    struct meter *meters;
    size_t n_meters;
    int16_t conf;             /* document confidence, README section 7 */
    bool from_ocr;
    uint32_t n_pages, ocr_pages;
    enum pages_state pages;
    bool pages_shuffled;      /* in another order than printed */
    bool mentions_read;       /* else nothing follows from their absence */
    struct mention mentions[MENTION_MAX];
    const struct einvoice *xml; /* embedded in the PDF; NULL without */
    struct disagreement *disagreements;
    size_t n_disagreements;
    /* Everything printed that could identify supplier, customer or point;
     * collected by the reader for the gate (kinds in document.h). */
    struct needle *needles;
    size_t n_needles;
};

struct reference;
struct audit_request;

/* Reads the fields from the words. Never fails: what is not printed is
 * absent. Memory in a; the invoice keeps no pointer into doc. */
RETURNS_NONNULL struct invoice *invoice_read(struct arena *a,
                                             const struct document *doc,
                                             const struct reference *ref);

/* The answer's "extraction": every present field {value, confidence, page,
 * box}, lines, vat, meters. Caller owns the json. */
json_t *invoice_to_json(const struct invoice *inv);

/* Adds confidence and, where something is printed, page and box to o; gives
 * o back. */
json_t *invoice_with_evidence(json_t *o, const struct evidence *ev);

/* Appends lines[0], vat[0], meters[0]… (counted from 0) of the rows read
 * with less confidence than conf_min, or with digits that OCR doubts and
 * nothing confirms. */
void invoice_unsure_rows(json_t *list, const struct invoice *inv,
                         int16_t conf_min);

/* Shorthands: value or fallback when absent. */
int64_t invoice_num(const struct invoice *inv, enum field_id id,
                    int64_t fallback);
const char *invoice_text(const struct invoice *inv, enum field_id id);
