module libauditbench

go 1.21

require github.com/elastic/go-libaudit/v2 v2.6.2

require golang.org/x/sys v0.11.0 // indirect
