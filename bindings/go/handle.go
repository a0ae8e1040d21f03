package pwseal

import (
	"runtime"
	"sync"
	"unsafe"
)

// A handle is an object of the library's. It is given back once: by close, or when nothing refers to it.
type handle struct {
	// Held for reading by each call that uses the object, so that close waits for them.
	mutex   sync.RWMutex
	pointer unsafe.Pointer
	free    func(unsafe.Pointer)
}

func newHandle(pointer unsafe.Pointer, free func(unsafe.Pointer)) *handle {
	h := &handle{pointer: pointer, free: free}
	runtime.SetFinalizer(h, (*handle).close)
	return h
}

// use calls a function with the object, which stays meanwhile: the lock that is given back at the end refers to it.
func (h *handle) use(function func(unsafe.Pointer) error) error {
	if h == nil {
		return ErrClosed
	}
	h.mutex.RLock()
	defer h.mutex.RUnlock()
	if h.pointer == nil {
		return ErrClosed
	}
	return function(h.pointer)
}

func (h *handle) close() {
	if h == nil {
		return
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.pointer != nil {
		h.free(h.pointer)
		h.pointer = nil
	}
	runtime.SetFinalizer(h, nil)
}
