#!/usr/bin/env bash
# Отчёт за месяц без участия человека: для cron и systemd.
#
#   monthly.sh [ПЕРИОД]        без периода — за прошлый месяц; 2025-11, 2025-Q4 — за названный
#
# Настройки — переменные окружения; в скобках то, что берётся без них:
#   REPORTS   папка с отчётами организаций (reports)
#   OUT       куда класть отчёт (monthly); прежние файлы, если они изменились, — в OUT/prev
#   FORMATS   форматы через запятую (html,xlsx,docx)
#   NOTES     файл с обоснованиями (notes.toml, если он есть)
#   FAIL_ON   о чём сообщать кодом 3 (missed,provisional)
#   ALEYSK    программа (aleysk)
# Папку с описанием целей берёт из ALEYSK_DATA сама программа.
#
# Код возврата говорит, слать ли письмо:
#   0  сообщать не о чем: отчёт готов
#   1  отчёт готов, но в отчётах организаций есть ошибки
#   2  отчёта нет: запустить не удалось; прежние файлы на месте
#   3  отчёт готов: цель не достигнута или данные предварительные
#
# Запускать можно сколько угодно раз: на тех же данных второй запуск ничего не меняет. Каждый файл
# появляется целиком или не появляется.
#
# В первый рабочий день месяца, в 8 утра, с письмом, когда есть о чём (одной строкой в crontab;
# праздников cron не знает):
#   0 8 1-3 * * u=$(date +\%u) d=$(date +\%d); { [ $u -le 5 ] && [ $d = 01 ] || [ $u = 1 ]; } &&
#     { cd /srv/aleysk && ./monthly.sh >monthly.log 2>&1 || mail -s "Отчёт: код $?" me@example.org <monthly.log; }

set -u

reports=${REPORTS:-reports}
out=${OUT:-monthly}
formats=${FORMATS:-html,xlsx,docx}
fail_on=${FAIL_ON:-missed,provisional}
aleysk=${ALEYSK:-aleysk}
notes=${NOTES:-}
if [ -z "$notes" ] && [ -f notes.toml ]; then
    notes=notes.toml
fi

# Чего не удалось и почему; прежние файлы при этом не тронуты.
fail() {
    printf 'ошибка: %s\n' "$1" >&2
    exit 2
}

previous_month() {
    local today year month
    today=$(date +%Y-%m) || fail "не удалось узнать сегодняшнее число"
    year=${today%-*}
    month=$((10#${today#*-} - 1))
    if [ "$month" -eq 0 ]; then
        month=12
        year=$((year - 1))
    fi
    printf '%04d-%02d' "$year" "$month"
}

# Кладёт готовый файл на место прежнего; прежний, если он другой, остаётся в prev.
publish() {
    local new=$1 name old kept
    name=${new##*/}
    old=$out/$name
    kept=$out/prev/$name
    if cmp -s -- "$new" "$old"; then
        return 0
    fi
    if [ -f "$old" ]; then
        mkdir -p -- "$out/prev" && cp -p -- "$old" "$fresh/.kept" && mv -f -- "$fresh/.kept" "$kept" ||
            fail "не удалось сохранить прежний файл «$old»"
    fi
    mv -f -- "$new" "$old" || fail "не удалось записать «$old»"
    printf 'записан %s\n' "$old"
}

[ $# -le 1 ] || fail "лишние слова в команде: нужен один период или ничего, например monthly.sh 2025-11"
period=${1:-$(previous_month)}
[ -n "$period" ] || exit 2
command -v -- "$aleysk" >/dev/null || fail "программа «$aleysk» не найдена; укажите её в переменной ALEYSK"

# Внутри OUT: оттуда файл переносится на место одним действием.
fresh=$out/.new-$$
trap 'rm -rf -- "$fresh"' EXIT
trap 'exit 2' HUP INT TERM
# Остаться могла только от запуска, который прервали: номера живых процессов не повторяются.
rm -rf -- "$fresh"
mkdir -p -- "$out" && mkdir -- "$fresh" || fail "не удалось создать папку «$fresh»"

set -- report "$reports" --period "$period" --output-dir "$fresh" --format "$formats" --fail-on "$fail_on"
if [ -n "$notes" ]; then
    set -- "$@" --notes "$notes"
fi
"$aleysk" "$@"
status=$?
case $status in
    0 | 1 | 3) ;;
    2) fail "отчёт за $period не сделан" ;;
    *) fail "отчёт за $period не сделан: программа завершилась с кодом $status" ;;
esac

made=0
for file in "$fresh"/*; do
    [ -f "$file" ] || continue
    made=$((made + 1))
    publish "$file"
done
[ "$made" -gt 0 ] || fail "отчёт за $period не сделан: программа не записала ни одного файла"

case $status in
    0) printf 'отчёт за %s готов, сообщать не о чем\n' "$period" ;;
    1) printf 'отчёт за %s готов; в отчётах организаций есть ошибки\n' "$period" ;;
    3) printf 'отчёт за %s готов; цель не достигнута или данные предварительные\n' "$period" ;;
esac
exit "$status"
