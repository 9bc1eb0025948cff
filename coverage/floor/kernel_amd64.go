package floor

import (
	"unsafe"

	"golang.org/x/sys/cpu"

	"github.com/canopyradar/canopy/terrain"
)

//go:generate go -C asm run . -out ../kernel_amd64.s -stubs ../kernel_amd64_stubs.go -pkg floor

// assembly is a kernel's functions in assembly, for vectors of so many lanes.
type assembly struct {
	lanes    int
	met      func(from, to, highest, tans *float32, rays int, vStep, slackM float32) uint64
	follow   func(lines, patch *float32, pitch int, tans *float32, rays int, vStep, slackM float32, steps int, mask uint64)
	shed     func(line, parameters, tans, ground *float32, floors *uint16, n int)
	reduce16 func(dst *float32, src *int16, n int, void int32, antennaAMSLM, inverseRadius float32)
	reduce32 func(dst, src *float32, n int, antennaAMSLM, inverseRadius float32)
	highest  func(dst, patch *float32, pitch, rows, n int)
}

func processorKernels() (all []kernel) {
	x := &cpu.X86
	if x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX2 && x.HasFMA {
		all = append(all, assembly{16, metAVX512, followAVX512, shedAVX512, reduce16AVX512, reduce32AVX512, highestAVX512}.kernel("AVX-512"))
	}
	if x.HasAVX2 && x.HasFMA {
		all = append(all, assembly{8, metAVX2, followAVX2, shedAVX2, reduce16AVX2, reduce32AVX2, highestAVX2}.kernel("AVX2"))
	}
	return all
}

func (a assembly) kernel(name string) kernel {
	return kernel{
		name: name,
		met: func(b *block) uint64 {
			return a.met(&b.lines[0].x[0], &b.lines[b.steps].x[0], &b.highest[0], &b.tans[0], b.rays, b.vStep, b.slackM)
		},
		follow: func(b *block, mask uint64) {
			a.follow(&b.lines[0].x[0], &b.patch[0], b.pitch, &b.tans[0], b.rays, b.vStep, b.slackM, b.steps, mask)
		},
		shed: a.shedAll,
		rows16: func(dst []float32, src []int16, void int32, r *reducer) {
			n := len(dst) / a.lanes * a.lanes
			if n > 0 {
				a.reduce16(&dst[0], &src[:n][0], n, void, r.antennaAMSLM, r.inverseRadius)
			}
			rows16(dst[n:], src[n:], void, r)
		},
		rows32: func(dst, src []float32, r *reducer) {
			n := len(dst) / a.lanes * a.lanes
			if n > 0 {
				a.reduce32(&dst[0], &src[:n][0], n, r.antennaAMSLM, r.inverseRadius)
			}
			rows32(dst[n:], src[n:], r)
		},
		columns16: func(dst []float32, first, pitch, rows int, src []int16, stride, n int, void int32, r *reducer) {
			turned := rows / 8 * 8
			if n != blockSteps {
				turned = 0
			}
			if turned > 0 {
				_ = src[(turned-1)*stride+n-1]
				_, _ = dst[first+turned-1], dst[first+(n-1)*pitch+turned-1]
				transpose16(&dst[first], 4*pitch, &src[0], 2*stride, turned, void, r.antennaAMSLM, r.inverseRadius)
			}
			columns16(dst, first+turned, pitch, rows-turned, src[min(turned*stride, len(src)):], stride, n, void, r)
		},
		columns32: func(dst []float32, first, pitch, rows int, src []float32, stride, n int, r *reducer) {
			turned := rows / 8 * 8
			if n != blockSteps {
				turned = 0
			}
			if turned > 0 {
				_ = src[(turned-1)*stride+n-1]
				_, _ = dst[first+turned-1], dst[first+(n-1)*pitch+turned-1]
				transpose32(&dst[first], 4*pitch, &src[0], 4*stride, turned, r.antennaAMSLM, r.inverseRadius)
			}
			columns32(dst, first+turned, pitch, rows-turned, src[min(turned*stride, len(src)):], stride, n, r)
		},
		highest: func(dst, patch []float32, pitch, rows int) {
			n := (pitch + a.lanes - 1) / a.lanes * a.lanes
			_, _ = dst[n-1], patch[(rows-1)*pitch+n-1]
			a.highest(&dst[0], &patch[0], pitch, rows, n)
		},
		turn: func(dst []AGL, stride int, src []AGL, pitch, n int) {
			turned := n / 8 * 8
			if turned > 0 {
				_, _ = dst[(turned-1)*stride+7], src[7*pitch+turned-1]
				transposeFloors((*uint16)(&dst[0]), 2*stride, (*uint16)(&src[0]), 2*pitch, turned)
			}
			turn(dst[min(turned*stride, len(dst)):], stride, src[min(turned, len(src)):], pitch, n-turned)
		},
		ahead: ahead,
	}
}

func ahead(p *terrain.Panel, first, rows, columns int) {
	const cacheLineB = 64
	last := first + (rows-1)*p.Stride + columns
	switch {
	case first < 0:
	case last < len(p.Int16):
		prefetch((*byte)(unsafe.Pointer(&p.Int16[first])), 1+2*columns/cacheLineB, 2*p.Stride, rows)
	case last < len(p.Float32):
		prefetch((*byte)(unsafe.Pointer(&p.Float32[first])), 1+4*columns/cacheLineB, 4*p.Stride, rows)
	}
}

// shedAll sheds whole vectors in place, and the cells that remain by way of
// another.
func (a assembly) shedAll(c *cells) {
	whole := len(c.floors) / a.lanes * a.lanes
	parameters := (*float32)(unsafe.Pointer(&c.cellParameters))
	if whole > 0 {
		a.shed(&c.line.x[0], parameters, &c.tans[0], &c.ground[0], (*uint16)(&c.floors[0]), whole)
	}
	if whole < len(c.floors) {
		c.firstU += float32(whole)
		a.shed(&c.line.x[0], parameters, &c.tans[0], &c.ground[:whole+a.lanes][whole], (*uint16)(&c.rest[0]), a.lanes)
		copy(c.floors[whole:], c.rest[:])
	}
}
