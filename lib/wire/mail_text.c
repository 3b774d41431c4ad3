/* Every value goes through mail_text_header or an address that was checked. */
#include "wire/mail_text.h"
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/str.h"
#include "base/banned.h"

enum {
    LETTER_BYTES = 65536,
    WORD_BYTES = 42, /* in Base64 and its frame at most 75 characters */
    LINE_CHARS = 75  /* of quoted-printable, before the soft break */
};

static bool is_plain(const char *s)
{
    if (str_starts(s, "=?") || strlen(s) > 200)
        return false;
    for (; *s; s++)
        if (*s < ' ' || *s > '~')
            return false;
    return true;
}

/* Bytes of the next word: whole characters only. */
static size_t word_length(const char *s)
{
    const char *end = s, *next = s;
    while (*next) {
        end = next;
        str_utf8_next(&next);
        if (next - s > WORD_BYTES)
            return (size_t)(end - s);
    }
    return (size_t)(next - s);
}

const char *mail_text_header(struct arena *a, const char *text)
{
    char *clean = arena_strdup(a, text);
    struct buf b;
    for (char *p = clean; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 127)
            *p = ' ';
    if (is_plain(clean))
        return clean;
    buf_init(&b, a, LETTER_BYTES);
    for (const char *p = clean; *p;) {
        size_t n = word_length(p);
        buf_printf(&b, "%s=?UTF-8?B?%s?=", b.n ? "\r\n " : "",
                   encode_base64(a, p, n));
        p += n;
    }
    return buf_cstr(&b);
}

/* RFC 5322 3.3, always in UTC. */
static void write_date(struct buf *b, int64_t ms)
{
    static const char days[] = "ThuFriSatSunMonTueWed"; /* of 1970-01-01 on */
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t s = ms / 1000;
    int32_t day = (int32_t)(s / 86400);
    int year, month, date;
    clock_civil(day, &year, &month, &date);
    buf_printf(b, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
               days + day % 7 * 3, date, months + (month - 1) * 3, year,
               (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60));
}

static bool is_literal(const char *p)
{
    if (*p == ' ' || *p == '\t')
        return p[1] != '\n' && p[1]; /* not at the end of a line */
    return *p > ' ' && *p <= '~' && *p != '=';
}

static void write_body(struct buf *b, const char *s)
{
    int column = 0;
    for (; *s; s++) {
        if (*s == '\n') {
            buf_str(b, "\r\n");
            column = 0;
            continue;
        }
        int width = is_literal(s) ? 1 : 3;
        if (column + width > LINE_CHARS) {
            buf_str(b, "=\r\n");
            column = 0;
        }
        if (width == 1)
            buf_char(b, *s);
        else
            buf_printf(b, "=%02X", (unsigned char)*s);
        column += width;
    }
}

const char *mail_text_write(struct arena *a, const struct mail_letter *l)
{
    struct buf b;
    const char *name = mail_text_header(a, l->from_name);
    const char *at = strchr(l->from, '@');
    bool quoted = *name && !str_starts(name, "=?");
    buf_init(&b, a, LETTER_BYTES);
    write_date(&b, l->now_ms);
    if (*name)
        buf_printf(&b, "From: %s%s%s <%s>\r\n", quoted ? "\"" : "", name,
                   quoted ? "\"" : "", l->from);
    else
        buf_printf(&b, "From: <%s>\r\n", l->from);
    buf_printf(&b, "To: <%s>\r\n", l->to);
    buf_printf(&b, "Subject: %s\r\n", mail_text_header(a, l->subject));
    buf_printf(&b, "Message-ID: <%s%s>\r\n", l->id, at ? at : "@localhost");
    buf_str(&b, "Auto-Submitted: auto-generated\r\n"
                "MIME-Version: 1.0\r\n"
                "Content-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
    write_body(&b, l->body);
    return buf_ok(&b) ? buf_cstr(&b) : NULL;
}
