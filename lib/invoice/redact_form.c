/* A row a form; the longest that fits. */
#include "invoice/redact_form.h"
#include <stdbool.h>
#include <string.h>
#include "base/str.h"
#include "base/banned.h"

enum { FORM_MOST = 80, FRENCH_IBAN = 23, NAMES_MOST = 3 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || is_upper(c);
}

/* Bytes of letters beyond ASCII count: "hélène@…". */
static bool is_mail(char c)
{
    return is_alnum(c) || (unsigned char)c >= 0x80 ||
           (c && strchr(".-_%+'", c));
}

/* name@host.tld; OCR puts a space beside the sign. */
static size_t email_at(const char *s)
{
    size_t n = 0, at;
    while (n < FORM_MOST && is_mail(s[n]))
        n++;
    if (n == 0)
        return 0;
    n += s[n] == ' ' && s[n + 1] == '@';
    if (s[n] != '@')
        return 0;
    at = ++n;
    n += s[n] == ' ';
    bool dot = false;
    while (n < 2 * FORM_MOST &&
           (is_alnum(s[n]) || (unsigned char)s[n] >= 0x80 || s[n] == '-' ||
            s[n] == '.'))
        dot |= s[n++] == '.';
    while (n > at && !is_alnum(s[n - 1]))
        n--;
    return dot && n > at + 2 ? n : 0;
}

/* Any country's: +, then 9 to 15 digits in groups. */
static size_t foreign_phone_at(const char *s)
{
    size_t n = 1, end = 0;
    int digits = 0;
    if (*s != '+' || !is_digit(s[1]))
        return 0;
    for (; is_digit(s[n]) || (s[n] && strchr(" .-/()", s[n]) && n < 30); n++)
        if (is_digit(s[n]) && ++digits <= 15)
            end = n + 1;
    return digits >= 9 ? end : 0;
}

/* 0X XX XX XX XX or 00 33 X XX XX XX XX: pairs parted by nothing, or all by
 * the same sign, which dates are not. */
static size_t phone_at(const char *s)
{
    size_t n = 0;
    if (str_starts(s, "0033")) {
        n = 4 + (s[4] == ' ');
        n += str_starts(s + n, "(0)") ? 3 + (s[n + 3] == ' ') : 0;
    } else if (*s == '0')
        n = 1;
    if (!n || s[n] < '1' || s[n] > '9')
        return 0;
    n++;
    char part = s[n] && strchr(" .-/", s[n]) ? s[n] : 0;
    for (int i = 0; i < 4; i++) {
        if (part && s[n++] != part)
            return 0;
        if (!is_digit(s[n]) || !is_digit(s[n + 1]))
            return 0;
        n += 2;
    }
    return is_digit(s[n]) ? 0 : n;
}

/* FR and 25 more in any groups: most of them digits, or hidden. */
static size_t french_iban_at(const char *s)
{
    size_t n = 2, count = 0, digits = 0;
    bool fr = (s[0] == 'F' || s[0] == 'f') && (s[1] == 'R' || s[1] == 'r');
    while (fr && s[n] && count < FRENCH_IBAN + 2) {
        if (count && strchr(" .-", s[n]))
            n++;
        if (!is_alnum(s[n]) && s[n] != '*')
            return 0;
        digits += is_digit(s[n]) || strchr("*Xx", s[n]) != NULL;
        count++;
        n++;
    }
    bool whole = count == FRENCH_IBAN + 2 && !is_alnum(s[n]);
    return whole && digits >= 15 ? n : 0;
}

/* Two letters, two digits, then 11 to 30 more in one run or in groups of
 * four; some may be hidden by stars or X. */
static size_t iban_at(const char *s)
{
    if (!(is_upper(s[0]) && is_upper(s[1]) && is_digit(s[2]) && is_digit(s[3])))
        return 0;
    size_t n = 4, count = 0, group = s[4] == ' ' ? 4 : 30;
    while (count < 30) {
        size_t at = n + (s[n] == ' '), len = 0;
        while (len < group && (is_digit(s[at + len]) || s[at + len] == '*' ||
                               is_upper(s[at + len])))
            len++;
        if (!len || is_alnum(s[at + len]))
            break;
        count += len;
        n = at + len;
        if (len < group || s[n] != ' ')
            break;
    }
    return count >= 11 ? n : 0;
}

/* Digits in groups as a row of lengths says. */
static size_t groups_at(const char *s, const char *lengths)
{
    size_t n = 0;
    for (; *lengths; lengths++) {
        n += n > 0 && s[n] == ' ';
        for (char i = '0'; i < *lengths; i++)
            if (!is_digit(s[n++]))
                return 0;
    }
    return is_digit(s[n]) ? 0 : n;
}

/* Fourteen digits, in one run or as they are usually grouped; GI and six. */
static size_t point_at(const char *s)
{
    size_t n = groups_at(s, "23333");
    n = n ? n : groups_at(s, "3335");
    n = n ? n : groups_at(s, "4442");
    if (!n && s[0] == 'G' && s[1] == 'I')
        n = groups_at(s + 2, "6") ? 8 : 0;
    return n;
}

/* Capital letters of Latin-1 are 0xC3 and 0x80 to 0x9E. */
static bool capital_at(const char *s)
{
    unsigned char second = (unsigned char)s[0] ? (unsigned char)s[1] : 0;
    return is_upper(*s) ||
           ((unsigned char)*s == 0xC3 && second >= 0x80 && second <= 0x9E);
}

/* "Mme Camille EXEMPLE": a title and up to three words with a capital. */
static size_t titled_at(const char *s)
{
    static const char *const titles[] = {
        "M. ",     "Mme ",          "Mme. ",     "Mlle ",  "Mr ",
        "Mr. ",    "MME ",          "MLLE ",     "MR ",    "Monsieur ",
        "Madame ", "Mademoiselle ", "MONSIEUR ", "MADAME "};
    size_t n = 0, end = 0;
    for (size_t i = 0; i < ARRAY_LEN(titles); i++)
        if (str_starts(s, titles[i]))
            n = strlen(titles[i]);
    for (int i = 0; n && i < NAMES_MOST && capital_at(s + n); i++) {
        while (is_alnum(s[n]) || (unsigned char)s[n] >= 0x80 ||
               (s[n] && strchr("-'", s[n])))
            n++;
        end = n;
        if (s[n] != ' ')
            break;
        n++;
    }
    return end;
}

size_t redact_form_at(const char *s, const char **kind)
{
    static const struct {
        const char *kind;
        size_t (*at)(const char *s);
    } forms[] = {{"EMAIL", email_at},       {"IBAN", french_iban_at},
                 {"IBAN", iban_at},         {"TEL", phone_at},
                 {"TEL", foreign_phone_at}, {"POINT", point_at},
                 {"CLIENT", titled_at}};
    size_t most = 0;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        size_t n = forms[i].at(s);
        if (n > most) {
            most = n;
            *kind = forms[i].kind;
        }
    }
    return most;
}
