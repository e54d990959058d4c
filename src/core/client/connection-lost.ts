/** A call that was not answered: nobody knows whether it did anything. What client-go returns as an error that is no StatusError. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}
