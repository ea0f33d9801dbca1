/* Windows' own icuuc.dll as far as Qt asks for it, which Wine has not: it knows no encoding. Qt asks only for those
   that are neither of Unicode nor the code page of the system. icuuc.def names what is exported. */
enum { FILE_ACCESS_ERROR = 4 };

void *open_none(const char *encoding, int *error)
{
    if (error)
        *error = FILE_ACCESS_ERROR;
    return 0;
}

void *none(void) { return 0; }

int __stdcall DllMainCRTStartup(void *library, unsigned reason, void *reserved) { return 1; }
