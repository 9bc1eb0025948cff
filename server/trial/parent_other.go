//go:build !linux

package trial

import "syscall"

func endsWithParent() *syscall.SysProcAttr { return nil }
