@{
    RootModule           = 'Pwseal.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5d5a4f0e-6f1b-4c46-9d3e-8a1c6a0e2b17'
    Author               = 'The pwseal authors'
    Description          = 'Encrypts passwords for the SailPoint Password Management API. It opens no network connection.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    RequiredAssemblies   = @('Pwseal.Net.dll')
    FunctionsToExport    = @('New-PwsealChangeRequest', 'Test-PwsealPassword', 'New-PwsealPassword', 'Protect-PwsealPassword')
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{ PSData = @{ Tags = @('SailPoint', 'IdentitySecurityCloud', 'password', 'RSA') } }
}
