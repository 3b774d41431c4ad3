/* Names that never appear in comptoir; include last. See docs/STYLE.md. */
#pragma once

#undef alloca /* some system headers make it a macro */
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atof system popen localtime gmtime rand srand
/* stdlib.h makes alloca a macro, which cannot be poisoned as it is. */
#undef alloca
#pragma GCC poison tmpnam mktemp tempnam alloca
