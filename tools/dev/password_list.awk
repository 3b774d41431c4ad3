# lib/wire/password_words.txt -> one C text with the passwords that are tried
# first, a line each: every word with the endings that people add, walks over the keyboard,
# runs of digits, dates. Only those of 8 bytes or more; shorter ones are refused
# for their length. Made by these rules, copied from nowhere.
function keep(s) { if (length(s) >= 8 && !(s in seen)) { seen[s]; list[++n] = s } }
function endings(w,    i) {
    for (i = 1; i <= n_end; i++) keep(w ending[i])
}
function runs(row,    i, k, back, j) {
    for (i = 1; i <= length(row); i++)
        for (k = 8; i + k - 1 <= length(row); k++) {
            keep(substr(row, i, k))
            back = ""
            for (j = i + k - 1; j >= i; j--) back = back substr(row, j, 1)
            keep(back)
        }
}
BEGIN {
    n_end = split("1 12 123 1234 12345 123456 0 00 01 007 11 22 69 77 88 99 "\
        "! 1! 12! 123! . @ # 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027 "\
        "2028", ending, " ")
    ending[++n_end] = ""
    n_row = split("01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiop "\
        "azertyuiop qwertzuiop asdfghjkl qsdfghjklm 1qaz2wsx3edc4rfv5tgb "\
        "1a2z3e4r5t6y 1q2w3e4r5t6y7u 1q1q1q1q1q qazwsxedcrfv azeqsdwxc123 "\
        "147258369 159753456852 987654321 741852963 789456123", row, " ")
    for (i = 1; i <= n_row; i++) runs(row[i])
    for (i = 0; i < 36; i++) {
        c = substr("0123456789abcdefghijklmnopqrstuvwxyz", i + 1, 1)
        s = c c c c c c c
        for (k = 8; k <= 12; k++) keep(s = s c)
    }
    for (i = 0; i < 100; i++) {
        s = sprintf("%02d", i)
        keep(s s s s); keep(s s s s s)
    }
    for (i = 111; i < 1000; i += 111) keep(i "" i "" i)
    keep("123123123"); keep("321321321"); keep("456456456")
}
/^#/ || !NF { next }
{
    endings($1)
    keep($1 $1)
    keep("1" $1); keep("123" $1)
    leet = $1
    gsub(/a/, "@", leet); keep(leet); keep(leet "1"); keep(leet "123")
    leet = $1
    gsub(/o/, "0", leet); gsub(/e/, "3", leet); gsub(/i/, "1", leet)
    keep(leet); keep(leet "1"); keep(leet "123")
}
END {
    line = "LC_ALL=C sort | sed 's/.*/    \"&\\\\n\"/'"
    print "/* Made by tools/dev/password_list.awk: a line each. */"
    print "static const char password_list[] ="
    print "    \"\\n\""
    for (i = 1; i <= n; i++) print list[i] | line
    close(line)
    print "    ;"
}
