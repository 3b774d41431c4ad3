/* The answers of an S3 server as XML: errors and lists, read strictly. A
 * server elsewhere wrote them, so anything odd is refused and nothing that
 * they hold is followed (no DTD, no entities of their own). */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

enum { S3_XML_DEPTH = 8 };

/* One element at its end: path is "ListBucketResult/Contents/Key", text what
 * stands in it directly. False ends the reading. */
typedef bool s3_xml_take(void *to, const char *path, const char *text);

/* False when the n bytes are not one well-formed document of our subset, or
 * take said so. Elements before that were taken. Texts live in a. */
bool s3_xml_read(struct arena *a, struct bytes xml, s3_xml_take *take,
                 void *to);
/* <Error><Code/><Message/></Error>: *code is a word of letters, digits and
 * dots, *message at most 200 printable characters; "" for what is missing.
 * False when xml is no such document. */
bool s3_xml_error(struct arena *a, struct bytes xml, const char **code,
                  const char **message);

struct s3_entry {
    const char *key;
    int64_t size; /* bytes */
};

struct s3_page {
    struct s3_entry *entries;
    size_t n;
    const char *next; /* continuation token; NULL when this is the last page */
};

/* One answer of ListObjectsV2 in a; false when it is none, also when it says
 * there is more and not how to ask for it. */
MUST_CHECK bool s3_xml_list(struct arena *a, struct bytes xml,
                            struct s3_page *out);
