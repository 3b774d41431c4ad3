/* Cells become integers exactly or not at all. */
#include "invoice/sheet.h"
#include <stddef.h>
#include "invoice/reference.h"
#include "tap.h"

struct row {
    const char *text;
    char chars[4];
    int32_t date, open, month, rate, count;
    int64_t micro;
    bool yes;
    enum verified verified;
};

static bool fill(struct arena *a, struct row *row, const char *column,
                 const char *cell, enum cell_kind kind, size_t offset)
{
    const char *columns[] = {column}, *cells[] = {cell};
    const struct sheet s = {"cell", columns, 1, cells, 1};
    const struct sheet_field f = {column, kind, offset, 4};
    return sheet_fill(a, &s, &f, 1, row, sizeof *row);
}
#define FILL(member, kind, cell)                                               \
    fill(a, &row, #member, cell, kind, offsetof(struct row, member))

int main(void)
{
    struct arena *a = arena_new(4096);
    struct row row;
    memset(&row, 0, sizeof row);
    int32_t d = 0;
    tap_ok(sheet_date("1970-01-02", &d) == false, "too long ago");
    tap_ok(sheet_date("2024-02-29", &d) && d == 19782, "leap day");
    static const char *const no_date[] = {"2025-02-29", "2025-2-1", "", "x",
                                          "2025-13-01", "2025/01/01",
                                          "2025-01-32", "2025-01-01 "};
    for (size_t i = 0; i < ARRAY_LEN(no_date); i++)
        tap_ok(!sheet_date(no_date[i], &d), "no date: '%s'", no_date[i]);
    tap_ok(FILL(micro, CELL_MICRO, "0.1927") && row.micro == 192700, "micro");
    tap_ok(FILL(micro, CELL_MICRO, "") && row.micro == -1, "missing");
    tap_ok(!FILL(micro, CELL_MICRO, "0.12345678"), "too many decimals");
    tap_ok(!FILL(micro, CELL_MICRO, "-1"), "negative");
    tap_ok(!FILL(micro, CELL_MICRO, "1e3"), "exponent");
    tap_ok(!FILL(micro, CELL_MICRO, "99999999999999999999"), "overflow");
    tap_ok(FILL(rate, CELL_RATE, "5.5") && row.rate == 550, "rate");
    tap_ok(!FILL(rate, CELL_RATE, "99999999999"), "rate out of range");
    tap_ok(FILL(count, CELL_COUNT, "36") && row.count == 36, "count");
    tap_ok(!FILL(count, CELL_COUNT, ""), "a count is required");
    tap_ok(!FILL(count, CELL_COUNT, "3.5"), "a count is whole");
    tap_ok(FILL(open, CELL_DATE_OPEN, "") && row.open == INT32_MAX, "open");
    tap_ok(FILL(month, CELL_MONTH, "2024-02") && row.month == 19754, "month");
    tap_ok(!FILL(month, CELL_MONTH, "2024-2"), "short month");
    tap_ok(FILL(chars, CELL_CHARS, "abc"), "fits");
    tap_ok(!FILL(chars, CELL_CHARS, "abcd"), "does not fit");
    tap_ok(FILL(yes, CELL_YES_NO, "y") && row.yes, "yes");
    tap_ok(!FILL(yes, CELL_YES_NO, "Y"), "only y and n");
    tap_ok(FILL(text, CELL_TEXT, "é") && strcmp(row.text, "é") == 0, "text");
    static const struct {
        const char *word;
        enum verified v;
    } words[] = {{"yes", VERIFIED_YES}, {"yes (commentary)", VERIFIED_YES},
                 {"n/a", VERIFIED_YES}, {"partial", VERIFIED_PARTIAL},
                 {"yes/partial", VERIFIED_PARTIAL}, {"no", VERIFIED_NO}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        tap_ok(FILL(verified, CELL_VERIFIED, words[i].word) &&
                   row.verified == words[i].v,
               "verified: %s", words[i].word);
    tap_ok(!FILL(verified, CELL_VERIFIED, ""), "not said is malformed");
    arena_free(a);
    return tap_done();
}
