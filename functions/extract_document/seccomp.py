"""System calls that a reading process has no use for, refused by the kernel: the network, other processes, the kernel.

A filter of Berkeley packet filter instructions (man 2 seccomp), put in by prctl; it can't be taken out again and holds
for every process started later. A refused call fails with EPERM. On a machine without seccomp, or of another kind than
those below, nothing is refused: this is a second wall, behind a process that has nothing to steal anyway.
"""

import ctypes
import os
import platform
import struct
import sys

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO with EPERM
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # LD|W|ABS, JMP|JEQ|K, JMP|JGE|K, RET|K
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_X32 = 0x40000000  # calls of the second numbering that x86-64 has

# AUDIT_ARCH of the machine, the number of tgkill, and the numbers of what is refused.
_MACHINES = {
    "x86_64": (0xC000003E, 234),
    "aarch64": (0xC00000B7, 131),
}
_REFUSED = {  # name: number on x86_64, on aarch64
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "bind": (49, 200),
    "listen": (50, 201),
    "socketpair": (53, 199),
    "accept4": (288, 242),
    "kill": (62, 129),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_by_handle_at": (304, 265),
}


def refuse_calls() -> bool:
    """Put the filter in, for this process and all it starts; whether the kernel took it. Needs no_new_privs."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    column = list(_MACHINES).index(platform.machine())
    program = _program(*machine, [numbers[column] for numbers in _REFUSED.values()], os.getpid())
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code)))
    return bool(ctypes.CDLL(None).prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)


def _program(machine: int, tgkill: int, refused: list[int], own: int) -> bytes:
    """Instructions in order; a jump counts the instructions it passes over when its test is true, and when false."""
    size = len(refused)
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_IF_EQUAL, 0, size + 6, machine),  # of another machine: refuse
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, size + 4, 0, _X32),  # refuse
        *((_IF_EQUAL, size + 3 - at, 0, number) for at, number in enumerate(refused)),  # refuse
        (_IF_EQUAL, 0, 2, tgkill),  # abort() sends itself a signal by this call
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_IF_EQUAL, 0, 1, own),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
