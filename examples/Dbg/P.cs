using Intaglio; using Intaglio.Data;
namespace Dbg;
[Transformer(HiddenSize = 128, ContextLength = 64, VocabularySize = 65)] [Decoder(Layers = 1)] [Attention(Heads = 4, QueryKeyValueBias = false, OutputBias = false)] [FeedForward(Bias = false)] [Normalization(Bias = false)] public sealed partial class A;
[Transformer(HiddenSize = 128, ContextLength = 64, VocabularySize = 65)] [Decoder(Layers = 1)] [Attention(Heads = 4)] public sealed partial class B;
[Transformer(HiddenSize = 128, ContextLength = 64, VocabularySize = 64)] [Decoder(Layers = 1)] [Attention(Heads = 4)] public sealed partial class C;
[Transformer(HiddenSize = 128, ContextLength = 64, VocabularySize = 65)] [Decoder(Layers = 4)] [Attention(Heads = 4)] public sealed partial class D;
static class P {
  static void Main() { 
    var tokens = new int[4000]; var r = new System.Random(1); for (int i=0;i<tokens.Length;i++) tokens[i]=r.Next(60);
    var corpus = new TokenCorpus(tokens[..3000], tokens[3000..], 65); var corpus64 = new TokenCorpus(tokens[..3000], tokens[3000..], 64);
    foreach (var id in new[]{"cpu","opencl","simulated"}) {
      using var device = Device.Parse(id);
      Run<A>(device, corpus, 12); Run<A>(device, corpus, 1); Run<B>(device, corpus, 1); Run<C>(device, corpus64,1); Run<D>(device, corpus,1);
    }
  }
  static void Run<T>(Device d, TokenCorpus c, int batch) where T : LanguageModel, ITrainable<T> {
    using var m = T.Create(d, 3);
    using var t = new Trainer<T>(m, new TrainerOptions { Steps = 3, BatchSize = batch, Seed = 5, LearningRate=1e-3f });
    var i = new int[batch*64]; var g = new int[batch*64]; c.Fill(5, 0, batch, 64, i, g);
    var s = t.Step(i, g); Console.WriteLine($"{d.Id} {typeof(T).Name} {batch} {s.Loss:F7} {s.GradientNorm:F6}");
    s = t.Step(i, g); Console.WriteLine($"    {s.Loss:F7} {s.GradientNorm:F6}");
  }
}
static class Q {
  public static void Check() {
    using var cpu = Device.Parse("cpu"); using var cl = Device.Parse("opencl");
    using var a = Dbg.B.Create(cpu, 3); using var b = Dbg.B.Create(cl, 3);
    foreach (var p in ((LanguageModel)a).Description.Parameters.Parameters()) { var x = a.ReadParameter(p.Name); var y = b.ReadParameter(p.Name); float m=0; for(int i=0;i<x.Length;i++) m = System.Math.Max(m, System.Math.Abs(x[i]-y[i])); System.Console.WriteLine($"{p.Name} {m}"); }
  }
}
static class Z {
  public static void Check() {
    float[][] all = new float[3][]; int k = 0;
    foreach (var id in new[]{"cpu","opencl","simulated"}) {
      using var d = Device.Parse(id); using var m = Dbg.B.Create(d, 3);
      using var t = new Trainer<Dbg.B>(m, new TrainerOptions { Steps = 3, BatchSize = 1, Seed = 5, LearningRate=1e-3f });
      var tokens = new int[4000]; var r = new System.Random(1); for (int i=0;i<tokens.Length;i++) tokens[i]=r.Next(60);
      var corpus = new TokenCorpus(tokens[..3000], tokens[3000..], 65);
      var ii = new int[64]; var g = new int[64]; corpus.Fill(5, 0, 1, 64, ii, g);
      t.Step(ii, g);
      var f = t.GetType().GetFields(System.Reflection.BindingFlags.NonPublic|System.Reflection.BindingFlags.Instance);
      foreach (var x in f) System.Console.WriteLine($"{x.Name} {x.FieldType}");
      var mem = f.First(x => x.FieldType.Name.Contains("Memory")||x.Name=="_arena");
      object o = mem.GetValue(t)!;
      var buf = o as DeviceBuffer ?? (DeviceBuffer)o.GetType().GetProperty("Arena", System.Reflection.BindingFlags.Instance|System.Reflection.BindingFlags.NonPublic|System.Reflection.BindingFlags.Public)!.GetValue(o)!;
      all[k] = new float[buf.Bytes/4]; buf.Read<float>(all[k]); k++;
    }
    // B: rows 64
    var at = typeof(Dbg.B).GetNestedType("TrainingArena", System.Reflection.BindingFlags.NonPublic)!;
    var a = System.Activator.CreateInstance(at, 64, true)!;
    var saved = at.GetMethod("Saved")!.Invoke(a, new object[]{0})!;
    { var place=(Intaglio.Numerics.Place)saved.GetType().GetProperty("Qkv")!.GetValue(saved)!; var pa=(Intaglio.Numerics.Place)saved.GetType().GetProperty("Attended")!.GetValue(saved)!; var pl=(Intaglio.Numerics.Place)saved.GetType().GetProperty("LogSumExp")!.GetValue(saved)!;
      foreach (int row in new[]{5,21,22,23,43,60}) { double tot=0; var acc=new double[32]; for(int key=0;key<=row;key++){ double dot=0; for(int e=0;e<32;e++) dot+=all[0][place.Offset/4+row*384+e]*(double)all[0][place.Offset/4+key*384+128+e]; var w=System.Math.Exp(dot/System.Math.Sqrt(32)); tot+=w; for(int e=0;e<32;e++) acc[e]+=w*all[0][place.Offset/4+key*384+256+e]; }
        System.Console.WriteLine($"@row {row} truth {acc[0]/tot:F6} lse {System.Math.Log(tot):F6}  cpu {all[0][pa.Offset/4+row*128]:F6} {all[0][pl.Offset/4+row*4]:F6} cl {all[1][pa.Offset/4+row*128]:F6} {all[1][pl.Offset/4+row*4]:F6} sim {all[2][pa.Offset/4+row*128]:F6} {all[2][pl.Offset/4+row*4]:F6}"); } }
    foreach (var (obj, p) in saved.GetType().GetProperties().Select(p => (saved, p)).Concat(at.GetProperties().Select(p => (a, p)))) {
      if (p.Name is "BytesPerRow") continue;
      var place = (Intaglio.Numerics.Place)p.GetValue(obj)!; long off = place.Offset/4;
      var s = $"{p.Name,-28}";
      for (int q=1;q<3;q++){ float mx=0; int w = p.Name switch { "Qkv"=>384, "PreActivation" or "Activated" or "PreActivationGradient"=>512, "LogSumExp"=>4, "AttentionNormStatistics" or "FeedForwardNormStatistics"=>2, "Query" or "Key" or "Value"=>1, "Logits"=>65, _=>128 }; int firstBad=-1; for (int i=0;i<64*w;i++) { if (firstBad<0 && System.Math.Abs(all[0][off+i]-all[q][off+i])>1e-5*System.Math.Max(1,System.Math.Abs(all[0][off+i]))) firstBad=i; mx = System.Math.Max(mx, System.Math.Abs(all[0][off+i]-all[q][off+i])); } s += $" {mx:E2} @row {(firstBad<0?-1:firstBad/w)} col {(firstBad<0?-1:firstBad%w)}"; }
      if (p.Name is "LogSumExp" or "FeedForwardNormStatistics" or "AttentionNormStatistics") { int c=0; for (int i=0;i<(p.Name=="LogSumExp"?256:128);i++) if (System.Math.Abs(all[0][off+i]-all[1][off+i])>1e-4*System.Math.Abs(all[0][off+i]) && c++<12) System.Console.WriteLine($"   [{i}] {all[0][off+i]} {all[1][off+i]} {all[2][off+i]}"); System.Console.WriteLine($" count {c}"); }
      System.Console.WriteLine(s + $"  first {all[0][off]:F5} {all[1][off]:F5} {all[2][off]:F5}");
    }
  }
}
