/* What Qt asks of mscms.dll from 6.12 on, and Wine has only in part: no screen has a colour profile. */
void *OpenColorProfileW(void *profile, unsigned access, unsigned share, unsigned create) { return 0; }
int GetColorProfileFromHandle(void *profile, void *data, unsigned *size) { return 0; }
int CloseColorProfile(void *profile) { return 0; }
void *WcsCreateIccProfile(void *profile, unsigned options) { return 0; }

int __stdcall DllMainCRTStartup(void *library, unsigned reason, void *reserved) { return 1; }
