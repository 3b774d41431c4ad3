/* Numbers and codes by which a business is known, checked as far as their own
 * digits allow: no register is asked. Each function takes UTF-8 text as a
 * person wrote it. NULL when it is good: *clean is then the one form that is
 * stored, in a. Else one English sentence that begins with "must", for the 422
 * that names the field; *clean is not touched. They fit struct field's check,
 * so that a route only names one in its table. */
#pragma once
#include "base/arena.h"

/* SIRET: 14 digits, spaces between are let be; Luhn over all and over the
 * nine of the SIREN. Branches of La Poste (356 000 000) have a sum of digits
 * that 5 divides instead (INSEE, Sirene documentation: "numéro SIRET"). */
MUST_CHECK const char *business_id_siret(struct arena *a, const char *text,
                                         const char **clean);
/* A VAT number with its country; spaces, dots and dashes are let be, letters
 * become capitals. Formats: European Commission, VIES, frequently asked
 * questions, "What is the format of a VAT number?". Of a French one (CGI
 * article 286 ter) the SIREN and the key before it are computed: in digits,
 * (12 + 3 x (SIREN mod 97)) mod 97, and the newer kind with letters. */
MUST_CHECK const char *business_id_vat(struct arena *a, const char *text,
                                       const char **clean);
/* Telephone: 6 to 15 digits (ITU-T E.164, 6.2.1) behind an optional + or 00,
 * which becomes +; spaces, dots, dashes, slashes and brackets are let be. A
 * national number is kept as one: its country is not guessed. */
MUST_CHECK const char *business_id_phone(struct arena *a, const char *text,
                                         const char **clean);
/* Country: two letters that ISO 3166-1 assigns, in either case. */
MUST_CHECK const char *business_id_country(struct arena *a, const char *text,
                                           const char **clean);
