/* Puts the families' descriptions together into the one document that
 * clients read. */
#pragma once
#include <jansson.h>
#include "web/route.h"

/* One whole OpenAPI 3.1 document from the parts of openapi_family; the
 * caller's. NULL when two parts hold the same operation: *clash names it. */
json_t *openapi_document_merge(json_t *const *parts, size_t n,
                               const char **clash);
/* The routes of such a document as the Markdown table of docs/ROUTES.md. */
const char *openapi_document_routes(struct arena *a, const json_t *document);
