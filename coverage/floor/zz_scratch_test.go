package floor
import ("testing";"fmt";"math";"github.com/paulmach/orb";"github.com/canopyradar/canopy/coverage/earth")
func TestZZ(t *testing.T){
 for _,lat:=range []float64{0,30,45,55,60,65,68,70,72,75,78,80,82}{
  for _,R:=range []float64{20e3,100e3,200e3,400e3,470e3,700e3,1000e3}{
   at:=orb.Point{25.123,lat+0.0417}
   l,err:=Window(siteAt(at,R),arcsec30)
   if err!=nil{continue}
   f:=newFrame(at,l)
   wp,wr:=0.0,0.0
   for r:=0;r<l.Rows;r+=1+l.Rows/60{for c:=0;c<l.Cols;c+=1+l.Cols/60{
     g:=earth.Inverse(at,orb.Point{l.Lon(c),l.Lat(r)})
     if g.DistanceM>R*1.01{continue}
     d,az:=f.polar(r,c)
     turn:=math.Abs(math.Remainder(az-g.AzimuthDeg,360))*math.Pi/180
     wp=math.Max(wp,math.Max(math.Abs(d-g.DistanceM),turn*d))
   }}
   // rays crossing, only in range
   for r:=0;r<l.Rows;r+=1+l.Rows/60{s:=&f.north.steps[r]
     for w:=-1.0;w<=1;w+=0.125{slope:=s.slopeAt.at(w)
      p:=orb.Point{-180+(float64(l.Col0)+f.col+s.acrossOf.at(slope)+l.OffLon)/l.PerDegLon,l.Lat(r)}
      e,n:=unroll(at,p.Lon(),p.Lat()); if math.Hypot(e,n)>R*1.01{continue}
      wr=math.Max(wr,math.Max(math.Abs(e-slope*n),math.Abs(math.Abs(n)-s.reachOf.at(slope))))}}
   for c:=0;c<l.Cols;c+=1+l.Cols/60{s:=&f.east.steps[c]
     for w:=-1.0;w<=1;w+=0.0625{
      if math.Abs(w*s.along)>float64(l.Rows){continue}
      slope:=s.slopeAt.at(w)
      p:=orb.Point{l.Lon(c),90-(float64(l.Row0)+f.row-s.acrossOf.at(slope)+l.OffLat)/l.PerDegLat}
      e,n:=unroll(at,p.Lon(),p.Lat()); if math.Hypot(e,n)>R*1.01{continue}
      wr=math.Max(wr,math.Max(math.Abs(n-slope*e),math.Abs(math.Abs(e)-s.reachOf.at(slope))))}}
   fmt.Printf("lat %4.0f R %6.0f km posts %.4g rays %.4g cols %d rows %d\n",lat,R/1e3,wp,wr,l.Cols,l.Rows)
  }}
}
