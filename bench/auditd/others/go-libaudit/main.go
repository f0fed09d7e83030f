// Reads an audit log with go-libaudit (Auditbeat's parser): every line to its key/value pairs.
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/elastic/go-libaudit/v2/auparse"
)

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	reader := bufio.NewReaderSize(file, 1<<18)
	records, fields, failed := 0, 0, 0
	for {
		line, err := reader.ReadString('\n')
		if len(line) > 0 {
			message, parseError := auparse.ParseLogLine(line[:len(line)-1])
			if parseError != nil {
				failed++
			} else if data, dataError := message.Data(); dataError != nil {
				failed++
			} else {
				records++
				fields += len(data)
			}
		}
		if err != nil {
			break
		}
	}
	fmt.Fprintf(os.Stderr, "{\"records\":%d,\"fields\":%d,\"errors\":%d}\n", records, fields, failed)
}
