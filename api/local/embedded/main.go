// Command embedded serves MongoDB's or Redis's protocol on the loopback address, for machines that have neither
// server: FerretDB on SQLite files, and miniredis in memory.
//
//	embedded mongo --port PORT --dir DIR
//	embedded redis --port PORT
//
// Port 0 takes a free one. It prints "ready PORT" once it listens, and ends when its standard input is closed, so that
// it cannot outlive whoever started it.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
	"github.com/alicebob/miniredis/v2"
)

const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	if len(os.Args) < 2 {
		fail(exitUsage, "which? mongo or redis")
	}
	options := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	port := options.Int("port", 0, "the port to listen on; 0 takes a free one")
	dir := options.String("dir", "", "where the data lies (mongo)")
	_ = options.Parse(os.Args[2:])

	address := fmt.Sprintf("127.0.0.1:%d", *port)
	switch os.Args[1] {
	case "mongo":
		serveMongo(address, *dir)
	case "redis":
		serveRedis(address)
	default:
		fail(exitUsage, "no such server: "+os.Args[1])
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func serveMongo(address, dir string) {
	folder, err := filepath.Abs(dir)
	if dir == "" || err != nil {
		fail(exitUsage, "mongo needs --dir")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		fail(exitFailed, err.Error())
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Handler:  "sqlite",
		// Files, because findOneAndUpdate with upsert hangs in FerretDB's memory mode.
		SQLiteURL: "file:" + folder + "/",
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		fail(exitFailed, err.Error())
	}
	go func() {
		err := server.Run(context.Background())
		fail(exitFailed, fmt.Sprintf("FerretDB ended: %v", err))
	}()
	at, err := url.Parse(server.MongoDBURI())
	if err != nil {
		fail(exitFailed, err.Error())
	}
	go serialize(listener, at.Host)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	ready(port)
}

func serveRedis(address string) {
	server := miniredis.NewMiniRedis()
	if err := server.StartAddr(address); err != nil {
		fail(exitFailed, err.Error())
	}
	// Keys expire only when the program says so, and ClockTTL would walk all of them at every command.
	go func() {
		last := time.Now()
		for now := range time.Tick(20 * time.Millisecond) {
			server.FastForward(now.Sub(last))
			last = now
		}
	}()
	ready(server.Port())
}

func ready(port string) {
	fmt.Printf("ready %s\n", port)
}

func fail(code int, message string) {
	fmt.Fprintln(os.Stderr, "embedded: "+message)
	os.Exit(code)
}
