package trial

import "syscall"

// endsWithParent has the kernel end a server when the program that started it is
// gone, whatever ended that.
func endsWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
