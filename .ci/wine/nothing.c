/* A library that does nothing itself: what it exports stands in its .def file. */
int __stdcall DllMainCRTStartup(void *library, unsigned reason, void *reserved) { return 1; }
