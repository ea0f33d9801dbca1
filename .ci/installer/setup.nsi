; The setup of psf_monitor: for the user alone, without an administrator. makensis -DVERSION=.. -DBUNDLE=.. -DICON=.. -DLICENCE=..
; -DTARGET=.. setup.nsi. /S asks nothing. The uninstaller leaves settings, journal and logs unless it is asked (/DATA) not to.
Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 64
RequestExecutionLevel user
ManifestDPIAware true

!include LogicLib.nsh
!include MUI2.nsh
!include FileFunc.nsh
!include Win\COM.nsh
!include Win\Propkey.nsh

!define APP_ID "psf_monitor.psf_monitor" ; of the running window
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\psf_monitor"
!define APP_PATHS "Software\Microsoft\Windows\CurrentVersion\App Paths\psf-monitor.exe"
!define SHORTCUT "$SMPROGRAMS\psf_monitor.lnk"
!define IS_RUNNING 3 ; exit code

Name "psf_monitor ${VERSION}"
OutFile "${TARGET}"
InstallDir "$LOCALAPPDATA\Programs\psf_monitor"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
BrandingText "psf_monitor only reads. It never trades."
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "psf_monitor"
VIAddVersionKey "FileDescription" "Setup of psf_monitor"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "MIT License"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\psf-monitorw.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open psf_monitor"
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Closes the windows that are open as a click would, and waits until no program of the folder runs.
!macro CloseRunning un
Function ${un}IsFree
    ; A program that runs cannot be opened for writing. 1 on the stack: neither runs.
    StrCpy $R0 1
    ${If} ${FileExists} "$INSTDIR\psf-monitorw.exe"
        ClearErrors
        FileOpen $R1 "$INSTDIR\psf-monitorw.exe" a
        ${If} ${Errors}
            StrCpy $R0 0
        ${Else}
            FileClose $R1
        ${EndIf}
    ${EndIf}
    ${If} ${FileExists} "$INSTDIR\psf-monitor.exe"
        ClearErrors
        FileOpen $R1 "$INSTDIR\psf-monitor.exe" a
        ${If} ${Errors}
            StrCpy $R0 0
        ${Else}
            FileClose $R1
        ${EndIf}
    ${EndIf}
    Push $R0
FunctionEnd

; $R7: the program that a window belongs to, whatever its title says just now.
Function ${un}ProgramOf
    StrCpy $R7 ""
    System::Call 'user32::GetWindowThreadProcessId(p R2, *i .R5)'
    System::Call 'kernel32::OpenProcess(i 0x1000, i 0, i R5) p .R6'
    ${If} $R6 P<> 0
        StrCpy $R8 ${NSIS_MAX_STRLEN}
        System::Call 'kernel32::QueryFullProcessImageName(p R6, i 0, t .R7, *i R8)'
        System::Call 'kernel32::CloseHandle(p R6)'
    ${EndIf}
FunctionEnd

Function ${un}CloseWindows
    ${Do}
        StrCpy $R9 0
        StrCpy $R2 0
        ${Do}
            FindWindow $R2 "" "" 0 $R2
            ${If} $R2 P= 0
                ${ExitDo}
            ${EndIf}
            System::Call 'user32::IsWindowVisible(p R2) i .R5'
            ${If} $R5 <> 0
                Call ${un}ProgramOf
                ${If} $R7 == "$INSTDIR\psf-monitorw.exe"
                ${OrIf} $R7 == "$INSTDIR\psf-monitor.exe"
                    StrCpy $R9 1
                    SendMessage $R2 ${WM_CLOSE} 0 0 /TIMEOUT=5000
                ${EndIf}
            ${EndIf}
        ${Loop}
        ${If} $R9 = 0
            ${ExitDo}
        ${EndIf}
        Sleep 250
        IntOp $R3 $R3 + 1
    ${LoopUntil} $R3 > 40
FunctionEnd

Function ${un}CloseRunning
    Call ${un}IsFree
    Pop $R0
    ${If} $R0 == 1
        Return
    ${EndIf}
    MessageBox MB_OKCANCEL|MB_ICONINFORMATION \
        "psf_monitor is open. It is closed now; connections end in good order." /SD IDOK IDOK +3
    SetErrorLevel ${IS_RUNNING}
    Abort "psf_monitor is still running."
    ${Do}
        StrCpy $R3 0
        Call ${un}CloseWindows
        StrCpy $R4 0
        ${Do}
            Call ${un}IsFree
            Pop $R0
            ${If} $R0 == 1
                Return
            ${EndIf}
            Sleep 250
            IntOp $R4 $R4 + 1
        ${LoopUntil} $R4 > 60
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION \
            "psf_monitor still runs, perhaps as psf-monitor serve in a console. End it there, then Retry." \
            /SD IDCANCEL IDRETRY again
        SetErrorLevel ${IS_RUNNING}
        Abort "psf_monitor is still running."
        again:
    ${Loop}
FunctionEnd
!macroend
!insertmacro CloseRunning ""
!insertmacro CloseRunning "un."

; The taskbar keeps the running window with the shortcut by this identity.
Function SetAppId
    !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
    ${If} $0 P<> 0
        ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
        ${If} $1 P<> 0
            ${IPersistFile::Load} $1 '("${SHORTCUT}", ${STGM_READWRITE})'
            ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
            ${If} $2 P<> 0
                System::Call '*(&w64 "${APP_ID}") p .r5'
                System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID}) p .r3'
                System::Call '*(&i2 31, &i2 0, &i2 0, &i2 0, p r5, p 0) p .r4' ; a PROPVARIANT with VT_LPWSTR
                ${IPropertyStore::SetValue} $2 '($3,$4)'
                ${IPropertyStore::Commit} $2 ""
                System::Free $3
                System::Free $4
                System::Free $5
                ${IUnknown::Release} $2 ""
            ${EndIf}
            ${IPersistFile::Save} $1 '("${SHORTCUT}",1)'
            ${IUnknown::Release} $1 ""
        ${EndIf}
        ${IUnknown::Release} $0 ""
    ${EndIf}
FunctionEnd

Section
    SetShellVarContext current
    Call CloseRunning
    ; What an older version had and this one has not must not be loaded.
    RMDir /r "$INSTDIR\_internal"
    SetOutPath "$INSTDIR"
    File /r /x psf-monitorw.pkg "${BUNDLE}/*"
    ; Both programs have the same modules: one file under two names.
    Delete "$INSTDIR\psf-monitorw.pkg"
    System::Call 'kernel32::CreateHardLinkW(w "$INSTDIR\psf-monitorw.pkg", w "$INSTDIR\psf-monitor.pkg", p 0) i .r0'
    ${If} $0 == 0
        CopyFiles /SILENT "$INSTDIR\psf-monitor.pkg" "$INSTDIR\psf-monitorw.pkg"
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "${SHORTCUT}" "$INSTDIR\psf-monitorw.exe" "" "$INSTDIR\psf-monitorw.exe" 0 SW_SHOWNORMAL "" \
        "Positions, orders and prices; read-only"
    Call SetAppId
    WriteRegStr HKCU "${APP_PATHS}" "" "$INSTDIR\psf-monitor.exe"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "psf_monitor"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "psf_monitor"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\psf-monitorw.exe"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    IntFmt $0 "0x%08X" $0
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" "$0"
SectionEnd

Section "Uninstall"
    SetShellVarContext current
    Call un.CloseRunning
    Delete "${SHORTCUT}"
    ; Nothing but what setup put there: a folder of the user's own may have been chosen.
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\psf-monitor.exe"
    Delete "$INSTDIR\psf-monitorw.exe"
    Delete "$INSTDIR\psf-monitor.pkg"
    Delete "$INSTDIR\psf-monitorw.pkg"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    DeleteRegKey HKCU "${UNINSTALL}"
    DeleteRegKey HKCU "${APP_PATHS}"
    ${GetParameters} $R5
    ClearErrors
    ${GetOptions} $R5 "/DATA" $R6
    ${IfNot} ${Errors}
        Goto delete
    ${EndIf}
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 \
        "Delete settings, layout, logs and the journal of fills, too? What is deleted cannot be brought back." \
        /SD IDNO IDYES delete
    Goto end
    delete:
        RMDir /r "$APPDATA\psf_monitor"
        RMDir /r "$LOCALAPPDATA\psf_monitor"
    end:
SectionEnd
