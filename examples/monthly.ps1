# Отчёт за месяц без участия человека: для Планировщика заданий Windows. Близнец monthly.sh.
#
#   powershell -NoProfile -ExecutionPolicy Bypass -File monthly.ps1 [-Period 2025-11]
#
# Без периода — за прошлый месяц. Код возврата говорит, слать ли письмо:
#   0  сообщать не о чем: отчёт готов
#   1  отчёт готов, но в отчётах организаций есть ошибки
#   2  отчёта нет: запустить не удалось; прежние файлы на месте
#   3  отчёт готов: цель не достигнута или данные предварительные
#
# Запускать можно сколько угодно раз: на тех же данных второй запуск ничего не меняет. Каждый файл
# появляется целиком или не появляется; прежний, если он другой, остаётся в папке prev.
#
# Файл записан в UTF-8 с меткой BOM: без неё Windows PowerShell 5.1 не прочитает русских букв.

param(
    # Период: 2025-11, 2025-Q4
    [string]$Period = (Get-Date -Day 1).AddMonths(-1).ToString('yyyy-MM', [Globalization.CultureInfo]::InvariantCulture),
    # Папка с отчётами организаций
    [string]$Reports = 'reports',
    # Куда класть отчёт
    [string]$Out = 'monthly',
    # Форматы через запятую
    [string]$Formats = 'html,xlsx,docx',
    # Файл с обоснованиями; notes.toml, если он есть
    [string]$Notes = '',
    # О чём сообщать кодом 3
    [string]$FailOn = 'missed,provisional',
    # Программа
    [string]$Aleysk = 'aleysk'
)

$ErrorActionPreference = 'Stop'
# Код возврата программы — её ответ, а не сбой.
$PSNativeCommandUseErrorActionPreference = $false

# Чего не удалось и почему; прежние файлы при этом не тронуты.
function Stop-WithFault([string]$message) {
    [Console]::Error.WriteLine("ошибка: $message")
    exit 2
}

function Test-SameContent([string]$one, [string]$other) {
    (Test-Path -LiteralPath $other -PathType Leaf) -and
    (Get-FileHash -LiteralPath $one).Hash -eq (Get-FileHash -LiteralPath $other).Hash
}

# Кладёт готовый файл на место прежнего; прежний, если он другой, остаётся в prev.
function Publish-File([IO.FileInfo]$new) {
    $old = Join-Path $script:folder $new.Name
    if (Test-SameContent $new.FullName $old) { return }
    if (Test-Path -LiteralPath $old -PathType Leaf) {
        $kept = Join-Path $script:folder 'prev'
        [void][IO.Directory]::CreateDirectory($kept)
        [IO.File]::Replace($new.FullName, $old, (Join-Path $kept $new.Name))
    }
    else {
        [IO.File]::Move($new.FullName, $old)
    }
    Write-Output "записан $old"
}

if (-not (Get-Command -Name $Aleysk -CommandType Application -ErrorAction SilentlyContinue)) {
    Stop-WithFault "программа «$Aleysk» не найдена; укажите её: -Aleysk C:\путь\aleysk.exe"
}
if (-not $Notes -and (Test-Path -LiteralPath 'notes.toml' -PathType Leaf)) { $Notes = 'notes.toml' }

$folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Out)
# Внутри папки отчёта: оттуда файл переносится на место одним действием.
$fresh = Join-Path $folder ".new-$PID"
try {
    [void][IO.Directory]::CreateDirectory($fresh)
    $arguments = @('report', $Reports, '--period', $Period, '--output-dir', $fresh,
        '--format', $Formats, '--fail-on', $FailOn)
    if ($Notes) { $arguments += @('--notes', $Notes) }
    & $Aleysk @arguments
    $status = $LASTEXITCODE
    if ($status -eq 2) { Stop-WithFault "отчёт за $Period не сделан" }
    if ($status -notin 0, 1, 3) {
        Stop-WithFault "отчёт за $Period не сделан: программа завершилась с кодом $status"
    }
    $made = @(Get-ChildItem -LiteralPath $fresh -File)
    if ($made.Count -eq 0) {
        Stop-WithFault "отчёт за $Period не сделан: программа не записала ни одного файла"
    }
    foreach ($file in $made) { Publish-File $file }
}
catch {
    Stop-WithFault $_.Exception.Message
}
finally {
    if (Test-Path -LiteralPath $fresh) { Remove-Item -LiteralPath $fresh -Recurse -Force }
}

switch ($status) {
    0 { Write-Output "отчёт за $Period готов, сообщать не о чем" }
    1 { Write-Output "отчёт за $Period готов; в отчётах организаций есть ошибки" }
    3 { Write-Output "отчёт за $Period готов; цель не достигнута или данные предварительные" }
}
exit $status
