/* Declared fields become a question; files are looked at. */
#include "intake/invoice_in.h"
#include "fake_req.h"
#include "tap.h"

/* clang-format off */
static const struct field fields[] = {INVOICE_IN_FIELDS, {0}};
static const struct route row = {.method = "POST", .path = "/v1/x",
                                 .in = fields};
/* clang-format on */

static void set(const char **values, const char *name, const char *value)
{
    for (size_t i = 0; fields[i].name; i++)
        if (strcmp(fields[i].name, name) == 0)
            values[i] = value;
}

int main(void)
{
    const char *values[ARRAY_LEN(fields)] = {NULL};
    struct file_part file = {.field = "file",
                             .name = "a.pdf",
                             .data = {(const uint8_t *)"%PDF-1.7\n", 9}};
    struct arena *a = arena_new(4096);
    struct analysis q;
    struct fake f;
    fake_init(&f, a);
    f.r.route = &row;
    f.r.values = values;
    f.r.files = &file;
    f.r.n_files = 1;
    tap_is_int(invoice_in_read(&f.r, true, &q), OK, "nothing but a file");
    tap_ok(q.is_pdf && q.ask.strict && q.ask.confidence_min == 500 &&
               q.ask.expected == ENERGY_NONE,
           "the defaults");
    tap_ok(!q.has_user_id && !q.has_invoice_id && !q.external_ref,
           "nothing to give back");
    tap_is_str(q.ask.request_id, "request-0001", "the request's id");
    set(values, "type", "gaz");
    set(values, "strict", "false");
    set(values, "user_id", "0");
    tap_is_int(invoice_in_read(&f.r, true, &q), OK, "fields");
    tap_ok(q.ask.expected == ENERGY_GAS && !q.ask.strict && q.has_user_id &&
               q.user_id == 0,
           "as they were sent, zero too");
    tap_is_int(invoice_in_read(&f.r, false, &q), ERR_FILE_TYPE,
               "a PDF where pictures are asked");
    arena_free(a);
    return tap_done();
}
