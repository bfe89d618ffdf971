// What Glue starts for a large delivery. The work is done in Java, by the jars beside it.
object Transform {
  def main(arguments: Array[String]): Unit = io.amcinsights.glue.TransformJob.main(arguments)
}
