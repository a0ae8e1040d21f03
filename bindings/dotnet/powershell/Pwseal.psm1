# Each function is a few lines in front of a class in Pwseal.Net.dll, where all that can be decided is decided. What it gives it gives
# last: the commands behind it in a pipeline run at that moment, and their errors must not be caught here.
Set-StrictMode -Version 2.0

# A password-info: JSON, or the object that the PowerShell SDK or Invoke-RestMethod makes of it.
function Read-PasswordInfo($InputObject) {
    if ($InputObject -is [string]) { return [Pwseal.PasswordInfo]::Parse([string]$InputObject) }
    return [Pwseal.PasswordInfo]::Parse([string](ConvertTo-Json -InputObject $InputObject -Depth 10 -Compress))
}

# What Write-Error is given: the error of .NET, and not the one that PowerShell puts around it, with its status for an id.
function Get-Refusal($ErrorRecord) {
    $exception = $ErrorRecord.Exception
    while ($exception.InnerException -and $exception -is [System.Management.Automation.RuntimeException]) {
        $exception = $exception.InnerException
    }
    $refusal = @{ Exception = $exception }
    if ($exception -is [Pwseal.PwsealException]) {
        $refusal['ErrorId'] = [string]$exception.Status
        $refusal['Category'] = 'InvalidArgument'
    }
    return $refusal
}

function New-GenerateOptions($Length, $Exclude, $NoLookAlikes) {
    $options = New-Object Pwseal.GenerateOptions
    $options.Length = $Length
    $options.Exclude = $Exclude
    $options.NoLookAlikes = $NoLookAlikes
    return $options
}

<#
.SYNOPSIS
Makes the body of set-password: judges a password, checks it against the policies and encrypts it for an account.
.PARAMETER PasswordInfo
What query-password-info answered: the object that the SDK gives, or JSON in one string (Get-Content -Raw).
.PARAMETER Password
The password. What may not be as it was meant in it is a warning.
.PARAMETER Account
The id or else the name of an account. With several accounts, one must be chosen.
.PARAMETER DespitePolicy
Makes a body whatever the policies say.
.PARAMETER Raw
The password is meant as it is: no character is refused or left out.
.EXAMPLE
$body = Search-V2025PasswordInfo -PasswordInfoQueryDTO $query | New-PwsealChangeRequest -Password (Read-Host -AsSecureString)
Set-V2025Password -PasswordChangeRequest $body
#>
function New-PwsealChangeRequest {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [object] $PasswordInfo,
        [Parameter(Mandatory = $true)] [securestring] $Password,
        [string] $Account,
        [switch] $DespitePolicy,
        [switch] $Raw
    )
    process {
        $info = $null; $secret = $null; $change = $null; $result = $null
        try {
            $info = Read-PasswordInfo $PasswordInfo
            $secret = [Pwseal.Password]::FromSecureString($Password)
            $options = [Pwseal.ChangeOptions]([int][bool]$DespitePolicy + 2 * [int][bool]$Raw)
            $change = $info.CreateChangeRequest($secret, $Account, $options, $null)
            foreach ($warning in $change.Warnings) { Write-Warning $warning.Message }
            $result = ConvertFrom-Json $change.ToJson()
        } catch {
            $refusal = Get-Refusal $_
            Write-Error @refusal
        } finally {
            foreach ($object in $change, $secret, $info) { if ($object) { $object.Dispose() } }
        }
        if ($null -ne $result) { $result }
    }
}

<#
.SYNOPSIS
Checks a password against policies: $true only where every rule was checked and passed.
.PARAMETER PasswordInfo
What query-password-info answered: the object that the SDK gives, or JSON in one string (Get-Content -Raw).
The account's id and name are compared where a rule wants that.
.PARAMETER Policy
Policy strings in place of a password-info, such as 'passwordMinLength is 8'.
.PARAMETER Password
The password.
.PARAMETER Account
The id or else the name of an account. With several accounts, one must be chosen.
.PARAMETER Detailed
Gives a report with a finding for each rule. Its HasViolation is what New-PwsealChangeRequest looks at; a rule that only the server can
check is neither passed nor violated.
.EXAMPLE
Test-PwsealPassword -Policy 'passwordMinLength is 12' -Password (Read-Host -AsSecureString) -Detailed
#>
function Test-PwsealPassword {
    [CmdletBinding(DefaultParameterSetName = 'PasswordInfo')]
    [OutputType([bool], [Pwseal.Report])]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true, ParameterSetName = 'PasswordInfo')] [object] $PasswordInfo,
        [Parameter(Mandatory = $true, ParameterSetName = 'Policy')] [string[]] $Policy,
        [Parameter(Mandatory = $true)] [securestring] $Password,
        [Parameter(ParameterSetName = 'PasswordInfo')] [string] $Account,
        [switch] $Detailed
    )
    process {
        $rules = $null; $secret = $null; $result = $null
        try {
            $secret = [Pwseal.Password]::FromSecureString($Password)
            if ($PSCmdlet.ParameterSetName -eq 'Policy') {
                $rules = [Pwseal.Policy]::Parse($Policy)
                $report = $rules.Check($secret, $null)
            } else {
                $rules = Read-PasswordInfo $PasswordInfo
                $report = $rules.Check($secret, $Account, $null)
            }
            $result = if ($Detailed) { $report } else { $report.AllPassed }
        } catch {
            $refusal = Get-Refusal $_
            Write-Error @refusal
        } finally {
            foreach ($object in $secret, $rules) { if ($object) { $object.Dispose() } }
        }
        if ($null -ne $result) { $result }
    }
}

<#
.SYNOPSIS
Makes a random password that violates nothing of the policies, as a SecureString.
.PARAMETER PasswordInfo
What query-password-info answered: the object that the SDK gives, or JSON in one string (Get-Content -Raw).
.PARAMETER Policy
Policy strings in place of a password-info, such as 'passwordMinLength is 8'.
.PARAMETER Account
The id or else the name of an account. With several accounts, one must be chosen.
.PARAMETER Length
The length in characters. Without it there are 16, or what the policies allow next to that.
.PARAMETER Exclude
Characters to leave out.
.PARAMETER NoLookAlikes
Leaves out characters that look like others, such as 0O and 1lI|.
.EXAMPLE
$password = $info | New-PwsealPassword -NoLookAlikes
#>
function New-PwsealPassword {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '')]
    [CmdletBinding(DefaultParameterSetName = 'PasswordInfo')]
    [OutputType([securestring])]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true, ParameterSetName = 'PasswordInfo')] [object] $PasswordInfo,
        [Parameter(Mandatory = $true, ParameterSetName = 'Policy')] [string[]] $Policy,
        [Parameter(ParameterSetName = 'PasswordInfo')] [string] $Account,
        [ValidateRange(1, 1024)] [int] $Length,
        [string] $Exclude,
        [switch] $NoLookAlikes
    )
    process {
        $rules = $null; $secret = $null; $result = $null
        try {
            $options = New-GenerateOptions $Length $Exclude ([bool]$NoLookAlikes)
            if ($PSCmdlet.ParameterSetName -eq 'Policy') {
                $rules = [Pwseal.Policy]::Parse($Policy)
                $secret = $rules.Generate($options, $null)
            } else {
                $rules = Read-PasswordInfo $PasswordInfo
                $secret = $rules.Generate($Account, $options, $null)
            }
            $result = $secret.ToSecureString()
        } catch {
            $refusal = Get-Refusal $_
            Write-Error @refusal
        } finally {
            foreach ($object in $secret, $rules) { if ($object) { $object.Dispose() } }
        }
        if ($null -ne $result) { $result }
    }
}

<#
.SYNOPSIS
Encrypts passwords with a public key, as encryptedPassword in the body of set-password wants them: base64.
.DESCRIPTION
The password is encrypted as it is, and not judged: New-PwsealChangeRequest does that.
.PARAMETER Password
The password, or many by the pipeline.
.PARAMETER PublicKey
The key as text, in whatever form: base64, PEM, a JWK, an RSAKeyValue.
.EXAMPLE
Read-Host -AsSecureString | Protect-PwsealPassword -PublicKey (Get-Content -Raw public-key.pem)
#>
function Protect-PwsealPassword {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory = $true, ValueFromPipeline = $true)] [securestring] $Password,
        [Parameter(Mandatory = $true)] [string] $PublicKey
    )
    process {
        $key = $null; $secret = $null; $result = $null
        try {
            $key = [Pwseal.PublicKey]::Parse([string]$PublicKey)
            $secret = [Pwseal.Password]::FromSecureString($Password)
            $result = $key.EncryptToBase64($secret)
        } catch {
            $refusal = Get-Refusal $_
            Write-Error @refusal
        } finally {
            foreach ($object in $secret, $key) { if ($object) { $object.Dispose() } }
        }
        if ($null -ne $result) { $result }
    }
}
