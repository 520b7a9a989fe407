package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
)

// FerretDB 1 reads what an update is about and writes it in two steps, so that two updates of one document may both
// succeed. MongoDB never does that. So the commands of all connections go to it one after the other.

const (
	headerBytes = 16
	opMsg       = 2013
	// Nobody answers a message with this flag.
	moreToCome = 1 << 1
	// MongoDB's own limit.
	maxMessageBytes = 48_000_000
)

var errMessage = errors.New("no message of MongoDB's protocol")

// serialize passes messages between the listener's connections and the server, one command at a time.
func serialize(listener net.Listener, server string) {
	var one sync.Mutex
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer client.Close()
			upstream, err := net.Dial("tcp", server)
			if err != nil {
				return
			}
			defer upstream.Close()
			_ = exchange(client, upstream, &one)
		}()
	}
}

func exchange(client, upstream net.Conn, one *sync.Mutex) error {
	asked := bufio.NewReader(client)
	answered := bufio.NewReader(upstream)
	for {
		question, err := readMessage(asked)
		if err != nil {
			return err
		}
		answer, err := ask(upstream, answered, question, one)
		if err != nil {
			return err
		}
		if _, err := client.Write(answer); err != nil {
			return err
		}
	}
}

func ask(upstream net.Conn, answered *bufio.Reader, question []byte, one *sync.Mutex) ([]byte, error) {
	one.Lock()
	defer one.Unlock()
	if _, err := upstream.Write(question); err != nil {
		return nil, err
	}
	if isUnanswered(question) {
		return nil, nil
	}
	return readMessage(answered)
}

func readMessage(from *bufio.Reader) ([]byte, error) {
	length, err := from.Peek(4)
	if err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(length)
	if size < headerBytes || size > maxMessageBytes {
		return nil, errMessage
	}
	message := make([]byte, size)
	_, err = io.ReadFull(from, message)
	return message, err
}

func isUnanswered(message []byte) bool {
	if binary.LittleEndian.Uint32(message[12:]) != opMsg || len(message) < headerBytes+4 {
		return false
	}
	return binary.LittleEndian.Uint32(message[headerBytes:])&moreToCome != 0
}
