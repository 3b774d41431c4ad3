/* lib/wire/mail_text.c: headers hold no line of the writer's, bodies come
 * through any relay. */
#include "wire/mail_text.h"
#include "base/str.h"
#include "tap.h"

static struct arena *a;

static const char *letter(const char *subject, const char *body)
{
    const struct mail_letter l = {.from_name = "Comptoir",
                                  .from = "desk@example.fr",
                                  .to = "a@example.fr",
                                  .subject = subject,
                                  .body = body,
                                  .now_ms = 1795821055123,
                                  .id = "abc"};
    return mail_text_write(a, &l);
}

static size_t longest(const char *s)
{
    size_t most = 0;
    for (; *s; s += strcspn(s, "\n") + (strchr(s, '\n') ? 1 : 0))
        if (strcspn(s, "\n") > most)
            most = strcspn(s, "\n");
    return most;
}

int main(void)
{
    a = arena_new(8192);
    tap_is_str(mail_text_header(a, "Hello"), "Hello", "plain");
    tap_is_str(mail_text_header(a, "Été"), "=?UTF-8?B?w4l0w6k=?=", "UTF-8");
    tap_is_str(mail_text_header(a, "a\r\nBcc: x@y.fr"), "a  Bcc: x@y.fr",
               "no line end");
    tap_is_str(mail_text_header(a, "=?x"),
               "=?UTF-8?B?PT94?=", "nothing that looks encoded");
    const char *many = "éééééééééééééééééééééééééééééééééééééééééééééééé";
    tap_ok(longest(mail_text_header(a, many)) <= 76, "folded");
    const char *m =
        letter("Sujet é\r\nBcc: x@y.fr", "Bonjour é\n.\nfin = 1 \n\n");
    tap_ok(strstr(m, "Date: Sat, 28 Nov 2026") ||
               strstr(m, "Date: Fri, 27 Nov 2026"),
           "the date");
    tap_ok(strstr(m, "From: \"Comptoir\" <desk@example.fr>\r\n"), "From");
    tap_ok(strstr(m, "Message-ID: <abc@example.fr>\r\n"), "Message-ID");
    tap_ok(!strstr(m, "\r\nBcc:"), "no header comes out of a subject");
    tap_ok(strstr(m, "\r\n\r\nBonjour =C3=A9\r\n.\r\nfin =3D 1=20\r\n\r\n"),
           "the body");
    char *line = arena_alloc(a, 1001);
    memset(line, 'x', 1000);
    tap_ok(longest(letter("s", line)) <= 77, "long lines are broken");
    tap_ok(strstr(letter("s", "x\ry"), "x=0Dy"), "a lone CR is encoded");
    char *big = arena_alloc(a, 70001);
    memset(big, 'x', 70000);
    tap_ok(!letter("s", big), "over 64 KiB");
    arena_free(a);
    return tap_done();
}
