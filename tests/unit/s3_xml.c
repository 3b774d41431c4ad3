/* lib/wire/s3_xml.c: what S3 servers write is read, what they should not write
 * is refused. */
#include "wire/s3_xml.h"
#include "base/str.h"
#include "tap.h"

static struct arena *a;

static struct bytes text(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static bool take_all(void *to, const char *path, const char *said)
{
    (void)path, (void)said;
    ++*(int *)to;
    return true;
}

static bool reads(const char *xml)
{
    int n = 0;
    return s3_xml_read(a, text(xml), take_all, &n) && n > 0;
}

static void errors(void)
{
    const char *code, *message;
    tap_ok(s3_xml_error(a,
                        text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                             "<Error><Code>SlowDown</Code><Message>Reduce "
                             "your &#233; &lt;rate&gt;\n now</Message>"
                             "<Resource/><RequestId>1</RequestId></Error>\n"),
                        &code, &message),
           "an error");
    tap_is_str(code, "SlowDown", "its code");
    tap_is_str(message, "Reduce your é <rate>  now", "its message on one line");
    tap_ok(s3_xml_error(a, text("<Error><Code>No such\tcode</Code></Error>"),
                        &code, &message) &&
               !*code && !*message,
           "a code that is no word is none");
    tap_ok(!s3_xml_error(a, text("<html><body>Bad gateway</body></html>"),
                         &code, &message) &&
               !*code,
           "a page is no error");
    char *lengthy = arena_alloc(a, 4000);
    memset(lengthy, 'x', 3000);
    s3_xml_error(
        a,
        text(arena_printf(a, "<Error><Message>%s</Message></Error>", lengthy)),
        &code, &message);
    tap_is_int(strlen(message), 200, "a long message is cut");
}

#define ENTRY(k, s)                                                \
    "<Contents><Key>" k "</Key><LastModified>2025-01-15T14:30:22Z" \
    "</LastModified><Size>" s "</Size></Contents>"
#define LIST(inner)                                                        \
    "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" \
    "<Name>runs</Name>" inner "</ListBucketResult>"

static void lists(void)
{
    struct s3_page page;
    tap_ok(s3_xml_list(
               a,
               text(LIST("<IsTruncated>true</IsTruncated>"
                         "<NextContinuationToken>a/b&amp;=="
                         "</NextContinuationToken>" ENTRY(
                             "a/manifest.json", "12") ENTRY("a &amp; b", "0"))),
               &page),
           "a page of a list");
    tap_is_int(page.n, 2, "its entries");
    tap_is_str(page.entries[1].key, "a & b", "a key");
    tap_is_int(page.entries[0].size, 12, "a size");
    tap_is_str(page.next, "a/b&==", "more");
    tap_ok(s3_xml_list(a,
                       text(LIST("<IsTruncated>false</IsTruncated>"
                                 "<NextContinuationToken>x"
                                 "</NextContinuationToken>")),
                       &page) &&
               page.n == 0 && !page.next,
           "the last page");
    tap_ok(
        !s3_xml_list(a, text(LIST("<IsTruncated>true</IsTruncated>")), &page),
        "more, without a way to it");
    tap_ok(!s3_xml_list(a, text(LIST(ENTRY("a", "-1"))), &page),
           "a size below nothing");
    tap_ok(!s3_xml_list(a, text(LIST(ENTRY("", "1"))), &page), "no key");
    tap_ok(!s3_xml_list(a, text("<Error><Code>x</Code></Error>"), &page),
           "another document");
}

static void refused(void)
{
    static const char *const bad[] = {
        "",
        "text",
        "<a>",
        "<a></b>",
        "<a></a><b></b>",
        "<a></a>x",
        "<a><b></a></b>",
        "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
        "<a>&e;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#99999999;</a>",
        "<a><![CDATA[x]]></a>",
        "<a><!-- x --></a>",
        "<a b=c></a>",
        "<a b=\"c></a>",
        "<a b=\"<\"></a>",
        "<a><b><c><d><e><f><g><h><i></i></h></g></f></e></d></c></b></a>",
        "<?xml version=\"1.0\"",
        "<a>\xC3</a>",
        "< a></a>"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tap_ok(!reads(bad[i]), "refused: %s", bad[i]);
    tap_ok(reads("<a b='c' d=\"e\"/>"), "attributes are skipped");
    tap_ok(reads(" <?xml version='1.0'?> <a>x<b/>y</a > "), "spaces");
    const uint8_t nul[] = "<a>\0</a>";
    int n = 0;
    tap_ok(!s3_xml_read(a, (struct bytes){nul, sizeof nul - 1}, take_all, &n),
           "a NUL");
}

int main(void)
{
    a = arena_new(1 << 16);
    errors();
    lists();
    refused();
    arena_free(a);
    return tap_done();
}
