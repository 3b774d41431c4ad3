/* Declarations only; analysis.c, audit_json.c and invoice_json.c make what
 * they say. */
#include "intake/invoice_out.h"
#include <stddef.h>

/* clang-format off */
#define MUST(n, k, d)                                                          \
    {.name = n, .kind = OUT_##k, .required = true, .doc = d}
#define MAY(n, k, d)                                                           \
    {.name = n, .kind = OUT_##k, .doc = d}
#define LIST(n, members, d)                                                    \
    {.name = n, .kind = OUT_ARRAY, .required = true, .sub = members, .doc = d}

#define EVIDENCE                                                               \
    MUST("confidence", NUMBER, "0 to 1."),                                     \
    MAY("page", INT, "Page of the document, from 1."),                         \
    {.name = "box", .kind = OUT_NUMBERS, .min = 4, .max = 4,                   \
     .doc = "Left, top, right, bottom in PDF points from the top left."},      \
    MAY("derived", BOOL, "True when computed and not printed."),               \
    MAY("source", TEXT, "xml: from the electronic invoice inside the PDF."),   \
    MAY("repaired", BOOL,                                                      \
        "True when OCR doubted a digit that the invoice's arithmetic gave."),  \
    {0}

#define VALUE_OF(table, k)                                                     \
    static const struct field table##_other[] = {                              \
        MUST("value", k, "What it says."),                                     \
        MUST("reader", TEXT, "Who says it: rules or llm."), EVIDENCE};         \
    static const struct field table[] = {                                      \
        MUST("value", k, "As printed, in the field's own type."),              \
        {.name = "alternatives", .kind = OUT_ARRAY, .sub = table##_other,      \
         .doc = "What another reader says, when they differ."},                \
        EVIDENCE}
VALUE_OF(value_TEXT, TEXT);
VALUE_OF(value_ENUM, TEXT);
VALUE_OF(value_DATE, TEXT);
VALUE_OF(value_CENTS, NUMBER);
VALUE_OF(value_INT, INT);
VALUE_OF(value_MILLI, NUMBER);
VALUE_OF(value_BOOL, BOOL);

static const struct field line_out[] = {
    MUST("component", TEXT, "abonnement, consommation, accise, cta..."),
    MAY("label", TEXT, "As printed."),
    MAY("energy", TEXT, "electricite or gaz."),
    MAY("register", TEXT, "BASE, HP, HC..."),
    MAY("quantity", NUMBER, "In the unit given."),
    MAY("unit", TEXT, "kWh, MWh, m3, mois, jours..."),
    MAY("unit_price_ht", NUMBER, "Euros before VAT for one unit."),
    MAY("vat_rate", NUMBER, "Per cent."),
    MAY("amount_ht", NUMBER, "Euros before VAT."),
    MAY("period_start", TEXT, "First day, YYYY-MM-DD."),
    MAY("period_end", TEXT, "Last day, YYYY-MM-DD."),
    EVIDENCE};
static const struct field vat_out[] = {
    MUST("rate", NUMBER, "Per cent."),
    MUST("base_ht", NUMBER, "Euros before VAT."),
    MUST("amount", NUMBER, "Euros of VAT."), EVIDENCE};
static const struct field meter_out[] = {
    MAY("register", TEXT, "BASE, HP, HC, GAZ..."),
    MAY("energy", TEXT, "electricite or gaz."),
    MUST("index_start", INT, "Old index."),
    MUST("index_end", INT, "New index."),
    MAY("kind_start", TEXT, "releve, estime or auto."),
    MAY("kind_end", TEXT, "releve, estime or auto."),
    MAY("consumption", INT, "In the unit given."),
    MAY("unit", TEXT, "kWh or m3."), EVIDENCE};

static const struct field extraction_out[] = {
#define FIELD(n, t, identifying, d)                                            \
    {.name = #n, .kind = OUT_OBJECT, .sub = value_##t, .doc = d},
#include "invoice/fields.tbl"
#undef FIELD
    LIST("lines", line_out, "Billed lines."),
    LIST("vat", vat_out, "VAT by rate."),
    LIST("meters", meter_out, "Meter readings."),
    MAY("paper", TEXT, "What kind of paper it is."),
    MUST("professional", BOOL, "A professional contract."),
    MUST("confidence", NUMBER, "Of the document, 0 to 1."),
    {0}};

static const struct field finding_out[] = {
    MUST("id", TEXT, "CHK-01..."),
    MUST("severity", TEXT, "haute, moyenne, basse or info."),
    MUST("direction", TEXT, "client_perd, client_gagne or neutre."),
    MUST("text", TEXT, "French sentence."),
    MUST("anonymous_text", TEXT, "The same without anything identifying."),
    MAY("amount", NUMBER, "Euros at stake."),
    MAY("source", TEXT, "Law, tariff or page it rests on."),
    MUST("to_verify", BOOL, "Rests on a reference not fully verified."),
    MAY("quote", TEXT, "What is printed there, as read; never in "
                       "anonymous_text nor in the anonymised report."),
    EVIDENCE};

static const struct field market_out[] = {
    MUST("energy", TEXT, "electricite or gaz; dual over both."),
    MUST("available", BOOL, "False when there is no public reference."),
    MAY("reason", TEXT, "Why there is none."),
    MAY("reference_label", TEXT, "Tariff compared with."),
    MAY("verified", TEXT, "yes, partial or no."),
    MAY("days", INT, "Days billed."),
    MAY("covered_days", INT, "Days with a reference."),
    MAY("cost", NUMBER, "Euros with VAT over the covered days."),
    MAY("reference_cost", NUMBER, "The same at the reference."),
    MAY("gap_percent", NUMBER, "Above (+) or below (-) the reference."),
    MAY("saving", NUMBER, "Euros over the period."),
    MAY("saving_percent", INT, "Rounded down, at most 40."),
    MAY("saving_annual", NUMBER, "Euros a year."),
    MAY("offers_loaded", TEXT,
        "Day on which the offers were loaded that saving is computed against; "
        "without it saving is against the reference."),
    MAY("saving_option", NUMBER,
        "Part of saving that the option Base would bring; six months of kWh "
        "at least."),
    MAY("saving_power", NUMBER, "Part of saving that lower_power would bring."),
    MAY("lower_power", INT, "kVA that would do for the highest power reached."),
    MAY("off_peak_percent", NUMBER, "Share of off-peak hours."),
    MAY("confidence", NUMBER, "0 to 1."),
    {0}};
static const struct field markets_out[] = {
    LIST("energies", market_out, "One for each energy billed."),
    {.name = "overall", .kind = OUT_OBJECT, .sub = market_out,
     .doc = "All energies together."},
    {0}};
static const struct field checks_out[] = {
    MUST("run", INT, "Checks that could be made."),
    MUST("total", INT, "Checks there are."),
    {0}};
static const struct field llm_out[] = {
    MUST("provider", TEXT, "openai, mistral or anthropic."),
    MUST("model", TEXT, "As set up."),
    MUST("calls", INT, "Requests sent for this document."),
    {.name = "used_fields", .kind = OUT_ARRAY, .required = true,
     .doc = "Fields that hold its value."},
    {0}};
static const struct field reader_out[] = {
    {.name = "llm", .kind = OUT_OBJECT, .required = true, .nullable = true,
     .sub = llm_out, .doc = "The language model that read along, if any."},
    MUST("method", TEXT, "text, ocr or mixed."),
    MUST("pages", INT, "Pages read."),
    MUST("ocr_pages", INT, "Pages read by OCR."),
    MUST("confidence", NUMBER, "Of the document, 0 to 1."),
    {.name = "xml", .kind = OUT_TEXT, .required = true, .nullable = true,
     .doc = "Profile of the electronic invoice inside the PDF "
            "(factur-x:en16931, zugferd-1:comfort, order-x:basic, "
            "ubl:invoice…); null without one that could be read."},
    {0}};

static const struct field file_out[] = {
    MUST("name", TEXT, "As sent."),
    MUST("size", INT, "Bytes."),
    MUST("sha256", TEXT, "SHA-256 of the bytes."),
    {0}};

const struct field invoice_out[] = {
    MUST("non_anonymous_report_base64", TEXT, "Full report, PDF in Base64."),
    MUST("non_anonymous_size", INT, "Bytes of the full report."),
    MUST("non_anonymous_sha256", TEXT, "SHA-256 of the full report."),
    MUST("anonymous_report_base64", TEXT,
         "Report without supplier and customer, PDF in Base64."),
    MUST("anonymous_size", INT, "Bytes of the anonymised report."),
    MUST("anonymous_sha256", TEXT, "SHA-256 of the anonymised report."),
    {.name = "user_id", .kind = OUT_INT, .required = true, .nullable = true,
     .doc = "As sent."},
    {.name = "invoice_id", .kind = OUT_INT, .required = true,
     .nullable = true, .doc = "As sent."},
    {.name = "external_ref", .kind = OUT_TEXT, .required = true,
     .nullable = true, .doc = "As sent."},
    {.name = "highlights", .kind = OUT_ARRAY, .required = true, .min = 3,
     .max = 4, .doc = "French lines of at most 70 characters."},
    MUST("energy_type", TEXT, "electricite, gaz or dual."),
    {.name = "extraction", .kind = OUT_OBJECT, .required = true,
     .sub = extraction_out, .doc = "Every field that is printed."},
    LIST("findings", finding_out, "What is worth a look, worst first."),
    {.name = "checks", .kind = OUT_OBJECT, .required = true,
     .sub = checks_out, .doc = "How many checks were made."},
    {.name = "market", .kind = OUT_OBJECT, .required = true,
     .sub = markets_out, .doc = "Position against the public reference."},
    {.name = "warnings", .kind = OUT_ARRAY, .required = true,
     .doc = "Codes: energy_type_mismatch, energy_type_undetected, "
            "energy_checks_not_applied, "
            "one_energy_analysed, not_an_ordinary_invoice (with credit_note, "
            "payment_schedule, quotation or letter), foreign_invoice, "
            "confidence_too_low, history_unavailable, llm_unavailable, "
            "pages_missing, pages_repeated, pages_out_of_order."},
    {.name = "fields_uncertain", .kind = OUT_ARRAY, .required = true,
     .doc = "Names of the fields and rows (lines[0], vat[0], meters[0]...) of "
            "extraction read with less confidence than confidence_min; with "
            "strict they are left out of it, and rows not named. Of scans "
            "also those with digits that OCR doubts and nothing confirms."},
    LIST("files", file_out, "The files as they arrived, in their order."),
    {.name = "reader", .kind = OUT_OBJECT, .required = true,
     .sub = reader_out, .doc = "How the document was read."},
    {0}};
